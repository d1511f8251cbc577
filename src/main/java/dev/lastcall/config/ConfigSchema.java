package dev.lastcall.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The keys as a JSON schema (2020-12) of a YAML document, made from the mappings. */
public final class ConfigSchema {
    private ConfigSchema() {}

    /** The schema, indented. */
    public static String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Lastcall");
        root.put("type", "object");
        for (DeclaredKey key : DeclaredKeys.of(Mappings.all()).all()) {
            if (!key.key().endsWith("[*]")) {
                add(root, key);
            }
        }
        return root.toPrettyString();
    }

    private static void add(ObjectNode root, DeclaredKey key) {
        ObjectNode at = root;
        String[] parts = key.key().split("\\.", -1);
        for (int i = 0; i < parts.length - 1; i++) {
            at = child(at, parts[i]);
            at.put("type", "object");
            if (!at.has("additionalProperties")) {
                at.put("additionalProperties", false);
            }
        }
        String last = parts[parts.length - 1];
        describe(child(at, last), key);
    }

    private static ObjectNode child(ObjectNode parent, String name) {
        if (name.equals("*")) {
            if (!(parent.get("additionalProperties") instanceof ObjectNode)) {
                parent.putObject("additionalProperties");
            }
            return (ObjectNode) parent.get("additionalProperties");
        }
        ObjectNode properties =
                parent.get("properties") instanceof ObjectNode known ? known : parent.putObject("properties");
        return properties.get(name) instanceof ObjectNode known ? known : properties.putObject(name);
    }

    private static void describe(ObjectNode node, DeclaredKey key) {
        node.put("description", key.expected());
        if (key.defaultValue() != null) {
            node.put("default", key.defaultValue());
        }
        if (!key.choices().isEmpty()) {
            ArrayNode choices = node.putArray("enum");
            key.choices().forEach(choices::add);
        } else {
            ArrayNode types = node.putArray("type").add("string");
            if (Bounds.of(key.type(), null) != null) {
                types.add("number");
            }
            if (key.type() == boolean.class) {
                types.add("boolean");
            }
            if (key.list()) {
                types.add("array");
            }
        }
    }
}

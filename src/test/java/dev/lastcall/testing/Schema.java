package dev.lastcall.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/** An OpenAPI document, and as much of JSON Schema as ours use. */
public final class Schema {
    private final JsonNode document;

    public Schema(JsonNode document) {
        this.document = document;
    }

    /** A schema among the components. */
    public JsonNode named(String name) {
        return document.at("/components/schemas/" + name);
    }

    /** Returns the schema of a GET's answer with this status. */
    public JsonNode answer(String path, String status) {
        return answer(path, "get", status).at("/content/application~1json/schema");
    }

    /** Headers and contents of this status; missing where it is not promised. */
    public JsonNode answer(String path, String method, String status) {
        return resolved(
                document.path("paths").path(path).path(method).path("responses").path(status));
    }

    /** Returns the violations of the schema; each begins with its place in the value. */
    public List<String> violations(JsonNode schema, JsonNode value, String where) {
        List<String> found = new ArrayList<>();
        check(resolved(schema), value, where, found);
        return found;
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    private void check(JsonNode schema, JsonNode value, String where, List<String> found) {
        if (!isOfType(schema.path("type"), value) || !isAllowed(schema.path("enum"), value)) {
            found.add(where + ": " + value.asText());
            return;
        }
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                found.add(where + "." + name.asText() + ": missing");
            }
        }
        for (var member : value.properties()) {
            JsonNode known = schema.path("properties").path(member.getKey());
            String place = where + "." + member.getKey();
            if (!known.isMissingNode()) {
                check(resolved(known), member.getValue(), place, found);
            } else if (schema.path("additionalProperties").isBoolean()) {
                found.add(place + ": unknown");
            }
        }
        for (JsonNode item : value.isArray() ? value : JsonNodeFactory.instance.arrayNode()) {
            check(resolved(schema.path("items")), item, where + "[]", found);
        }
    }

    private static boolean isAllowed(JsonNode words, JsonNode value) {
        for (JsonNode word : words) {
            if (word.equals(value)) {
                return true;
            }
        }
        return words.isMissingNode();
    }

    private static boolean isOfType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (JsonNode each : type) {
                if (isOfType(each, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> true;
        };
    }
}

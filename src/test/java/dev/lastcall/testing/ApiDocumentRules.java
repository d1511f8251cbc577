package dev.lastcall.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Whether an OpenAPI document is one: our closed schema of OpenAPI 3.1, and what no schema can say. */
public final class ApiDocumentRules {
    private static final JsonSchema SCHEMA = schema();
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    private final JsonNode document;
    private final List<String> faults = new ArrayList<>();

    private ApiDocumentRules(JsonNode document) {
        this.document = document;
    }

    private static JsonSchema schema() {
        try {
            String yaml = Files.readString(Path.of("src", "test", "resources", "openapi", "openapi-3.1.yaml"));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(ApiDocument.parse(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what is wrong with it, each with its place. */
    public static List<String> faultsOf(JsonNode document) throws IOException {
        ApiDocumentRules rules = new ApiDocumentRules(document);
        SCHEMA.validate(document).forEach(message -> rules.faults.add(message.toString()));
        rules.walk("$", document);
        rules.operations();
        if (rules.faults.isEmpty()) {
            rules.examples("$", document);
        }
        return rules.faults;
    }

    private void walk(String where, JsonNode node) {
        if (node.isNull() && !where.contains(".example")) {
            faults.add(where + ": null, as what follows a comma in a flow mapping is");
        }
        JsonNode reference = node.path("$ref");
        if (reference.isTextual()
                && document.at(reference.asText().substring(1)).isMissingNode()) {
            faults.add(where + ": leads nowhere: " + reference.asText());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            walk(where + "." + member.getKey(), member.getValue());
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            walk(where + "[" + i + "]", node.get(i));
        }
    }

    private void examples(String where, JsonNode node) throws IOException {
        if (node.has("example") && node.has("schema")) {
            new ApiDocument(document)
                    .violations(node.get("schema"), node.get("example"))
                    .forEach(violation -> faults.add(where + ".example: " + violation));
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            examples(where + "." + member.getKey(), member.getValue());
        }
    }

    private void operations() {
        Set<String> ids = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
                String id = each.getValue().path("operationId").asText("");
                if (!id.isEmpty() && !ids.add(id)) {
                    faults.add(path.getKey() + ": a second " + id);
                }
            }
            Set<String> named = new HashSet<>();
            for (JsonNode parameter : path.getValue().path("parameters")) {
                JsonNode whole = parameter.has("$ref")
                        ? document.at(parameter.get("$ref").asText().substring(1))
                        : parameter;
                if (whole.path("in").asText().equals("path")) {
                    named.add(whole.path("name").asText());
                }
            }
            Set<String> needed = new HashSet<>(PARAMETER
                    .matcher(path.getKey())
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .toList());
            if (!named.equals(needed)) {
                faults.add(path.getKey() + ": parameters " + named);
            }
        }
    }
}

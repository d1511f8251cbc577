package dev.lastcall.testing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An OpenAPI document as it is in the sources, and what it says of answers. */
public final class ApiDocument {
    public static final Path CLIENTS = Path.of("src", "main", "resources", "openapi", "clients.yaml");
    public static final Path OPERATORS = Path.of("src", "main", "resources", "openapi", "management.yaml");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;

    public ApiDocument(JsonNode document) {
        this.document = document;
    }

    /** Reads it; a member that is there twice is an error. */
    public static ApiDocument read(Path source) throws IOException {
        return new ApiDocument(parse(Files.readString(source)));
    }

    public static JsonNode parse(String yaml) throws IOException {
        return YAML.readTree(yaml);
    }

    public JsonNode json() {
        return document;
    }

    /** A schema among the components. */
    public JsonNode named(String name) {
        return document.at("/components/schemas/" + name);
    }

    /** Returns the schema of a GET's answer with this status. */
    public JsonNode schema(String path, String status) {
        return answer(path, "get", status).at("/content/application~1json/schema");
    }

    /** Headers and contents of this status; missing where it is not promised. */
    public JsonNode answer(String path, String method, String status) {
        return resolved(
                document.path("paths").path(path).path(method).path("responses").path(status));
    }

    private JsonNode resolved(JsonNode part) {
        return part.has("$ref") ? document.at(part.get("$ref").asText().substring(1)) : part;
    }

    /** Returns the violations of the schema; each begins with its place in the value. */
    public List<String> violations(JsonNode schema, JsonNode value) throws IOException {
        ObjectNode whole = YAML.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("$defs", document.at("/components/schemas"));
        String standalone = whole.toString().replace("\"#/components/schemas/", "\"#/$defs/");
        return SCHEMAS.getSchema(standalone).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    /** Returns an answer of the clients' port, which has to be one that their document promises. */
    public static <T> HttpResponse<T> promised(HttpResponse<T> answer) throws IOException {
        List<String> violations = read(CLIENTS).violations(answer);
        if (!violations.isEmpty()) {
            throw new AssertionError(String.join("\n", violations));
        }
        return answer;
    }

    /**
     * Holds an answer against what its path, method and status promise. What the document leaves out, by its own words, is not judged: other
     * methods' 405, and 404 of paths that it does not have.
     */
    public List<String> violations(HttpResponse<?> answer) throws IOException {
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        String path = answer.request().uri().getPath();
        int status = answer.statusCode();
        JsonNode operation = pathOf(path).path(method);
        if (operation.isMissingNode()) {
            return status == 404 || status == 405 ? List.of() : List.of(method + " " + path + " is not documented");
        }
        JsonNode promise = resolved(operation.path("responses").path(Integer.toString(status)));
        String where = method + " " + path + " " + status;
        return promise.isMissingNode()
                ? List.of(where + " is not documented: " + answer.body())
                : differences(where, promise, answer);
    }

    private List<String> differences(String where, JsonNode promise, HttpResponse<?> answer) throws IOException {
        List<String> found = new ArrayList<>();
        promise.path("headers").fieldNames().forEachRemaining(name -> {
            if (answer.headers().firstValue(name).isEmpty()
                    && promise.at("/headers/" + name + "/required").asBoolean(true)) {
                found.add(where + ": no " + name);
            }
        });
        String type = answer.headers().firstValue("content-type").orElse("");
        JsonNode content = promise.path("content");
        boolean empty = answer.body() instanceof String body && body.isEmpty();
        if (content.isMissingNode() ? !empty : !content.has(type)) {
            found.add(where + ": '" + type + "' (expected: one of " + content + ")");
        } else if (type.endsWith("json") && answer.body() instanceof String body) {
            JsonNode schema = content.get(type).path("schema");
            for (String violation : violations(schema, new ObjectMapper().readTree(body))) {
                found.add(where + ": " + violation);
            }
        }
        return found;
    }

    /** The path item for a path of a request; a path without parameters goes before one with them. */
    private JsonNode pathOf(String path) {
        JsonNode paths = document.path("paths");
        if (paths.has(path)) {
            return paths.get(path);
        }
        for (Map.Entry<String, JsonNode> each : paths.properties()) {
            if (path.matches(each.getKey().replaceAll("\\{[^}]+}", "[^/]+"))) {
                return each.getValue();
            }
        }
        return paths.path("");
    }
}

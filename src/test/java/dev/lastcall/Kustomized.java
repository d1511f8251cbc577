package dev.lastcall;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Our manifests as files, and the little of kustomize that they use: a patch laid over a base. */
final class Kustomized {
    static final Path FOLDER = Path.of("k8s");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Kustomized() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> below = Files.walk(FOLDER)) {
            return below.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    static List<JsonNode> documents(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            values.forEachRemaining(documents::add);
        }
        return documents;
    }

    static JsonNode document(Path file) throws IOException {
        List<JsonNode> documents = documents(file);
        if (documents.size() != 1) {
            throw new AssertionError(file + ": " + documents.size() + " documents (expected: 1)");
        }
        return documents.get(0);
    }

    /** A strategic merge: objects by field, lists of named things by name, other lists replaced, null removes. */
    static JsonNode merged(JsonNode base, JsonNode patch) {
        if (base instanceof ObjectNode fields && patch instanceof ObjectNode changes) {
            ObjectNode result = fields.deepCopy();
            changes.properties().forEach(change -> {
                if (change.getValue().isNull()) {
                    result.remove(change.getKey());
                } else {
                    JsonNode old = result.path(change.getKey());
                    result.set(
                            change.getKey(), old.isMissingNode() ? change.getValue() : merged(old, change.getValue()));
                }
            });
            return result;
        }
        return base instanceof ArrayNode list && patch.path(0).has("name") ? mergedByName(list, patch) : patch;
    }

    private static JsonNode mergedByName(ArrayNode base, JsonNode patch) {
        ArrayNode result = base.deepCopy();
        for (JsonNode change : patch) {
            int place = 0;
            while (place < result.size() && !result.get(place).get("name").equals(change.get("name"))) {
                place++;
            }
            if (place < result.size()) {
                result.set(place, merged(result.get(place), change));
            } else {
                result.add(change);
            }
        }
        return result;
    }
}

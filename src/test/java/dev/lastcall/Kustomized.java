package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Map;
import java.util.stream.Stream;

/** Our manifests as files, and the little of kustomize that they use: resources, patches, images, replacements. Any other feature fails. */
final class Kustomized {
    static final Path FOLDER = Path.of("k8s");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Kustomized() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> below = Files.walk(FOLDER)) {
            return below.filter(file -> file.toString().endsWith(".yaml"))
                    // Templates, which ChartTest renders.
                    .filter(file -> !file.startsWith(FOLDER.resolve("chart")))
                    .sorted()
                    .toList();
        }
    }

    static List<JsonNode> documents(Path file) throws IOException {
        return documents(Files.readString(file));
    }

    static List<JsonNode> documents(String text) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            values.forEachRemaining(documents::add);
        }
        return documents;
    }

    /** Returns the objects that kustomize makes of a folder. */
    static List<JsonNode> rendered(Path folder) throws IOException {
        JsonNode kustomization = document(folder.resolve("kustomization.yaml"));
        assertThat(kustomization.properties())
                .extracting(Map.Entry::getKey)
                .isSubsetOf("apiVersion", "kind", "resources", "components", "patches", "images", "replacements");
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode resource : kustomization.path("resources")) {
            Path place = folder.resolve(resource.asText()).normalize();
            objects.addAll(Files.isDirectory(place) ? rendered(place) : documents(place));
        }
        for (JsonNode component : kustomization.path("components")) {
            add(folder.resolve(component.asText()).normalize(), objects);
        }
        for (JsonNode patch : kustomization.path("patches")) {
            JsonNode change = document(folder.resolve(patch.path("path").asText()));
            objects.replaceAll(object -> id(object).equals(id(change)) ? merged(object, change) : object);
        }
        for (JsonNode image : kustomization.path("images")) {
            objects.replaceAll(object -> withImage(object.deepCopy(), image));
        }
        for (JsonNode replacement : kustomization.path("replacements")) {
            replace(objects, replacement);
        }
        return objects;
    }

    /** A component adds its resources, and lays its patches over what its targets select. */
    private static void add(Path component, List<JsonNode> objects) throws IOException {
        JsonNode kustomization = document(component.resolve("kustomization.yaml"));
        for (JsonNode resource : kustomization.path("resources")) {
            objects.addAll(documents(component.resolve(resource.asText())));
        }
        for (JsonNode patch : kustomization.path("patches")) {
            ObjectNode change =
                    document(component.resolve(patch.path("path").asText())).deepCopy();
            change.remove(List.of("apiVersion", "kind", "metadata"));
            objects.replaceAll(object -> isTarget(object, patch.path("target")) ? merged(object, change) : object);
        }
    }

    private static boolean isTarget(JsonNode object, JsonNode target) {
        String[] label = target.path("labelSelector").asText().split("=", -1);
        return List.of(target.path("kind").asText().split("\\|", -1))
                        .contains(object.path("kind").asText())
                && object.at("/metadata/labels").path(label[0]).asText().equals(label[1]);
    }

    /** Kind and name. */
    static String id(JsonNode object) {
        return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
    }

    static JsonNode withImage(JsonNode object, JsonNode image) {
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : object.at("/spec/template/spec/" + list)) {
                if (container.path("image").equals(image.path("name"))) {
                    String named = image.path("name").asText() + ":"
                            + image.path("newTag").asText();
                    ((ObjectNode) container).put("image", named);
                }
            }
        }
        return object;
    }

    private static void replace(List<JsonNode> objects, JsonNode replacement) {
        JsonNode source = find(objects, replacement.path("source"));
        String value = at(source, replacement.at("/source/fieldPath").asText()).asText();
        assertThat(value).isNotEmpty();
        for (JsonNode target : replacement.path("targets")) {
            JsonNode object = find(objects, target.path("select"));
            for (JsonNode path : target.path("fieldPaths")) {
                int last = path.asText().lastIndexOf('.');
                ((ObjectNode) at(object, path.asText().substring(0, last)))
                        .put(path.asText().substring(last + 1), value);
            }
        }
    }

    private static JsonNode find(List<JsonNode> objects, JsonNode selected) {
        String id = selected.path("kind").asText() + "/" + selected.path("name").asText();
        return objects.stream()
                .filter(object -> id(object).equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id));
    }

    /** {@code spec.containers.[name=lastcall].env} */
    private static JsonNode at(JsonNode object, String path) {
        JsonNode node = object;
        for (String step : path.split("\\.", -1)) {
            node = step.startsWith("[name=") ? named(node, step.substring(6, step.length() - 1)) : node.path(step);
        }
        assertThat(node.isMissingNode()).as(path).isFalse();
        return node;
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no " + name);
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

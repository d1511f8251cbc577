package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lastcall.lint.Lint;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sidecar's component over manifests as people write them. */
class ComponentTest {
    static final Path COMPONENT = Path.of("k8s", "components");

    private static final Path SIDECAR = COMPONENT.resolve("sidecar");
    private static final Path CLASSIC = COMPONENT.resolve("sidecar-classic");
    private static final Path SAMPLES = Path.of("src", "test", "resources", "component");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern MINOR = Pattern.compile("Client Version: (?:v1\\.|.*?Minor:\")([0-9]+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"fastapi", "node", "rails", "grpc", "job"})
    void anybodysWorkloadGetsTheDrainByItsLabels(String sample) throws Exception {
        List<JsonNode> manifests = Kustomized.documents(SAMPLES.resolve(sample).resolve("app.yaml"));
        StringBuilder written = new StringBuilder();
        for (JsonNode manifest : manifests) {
            JsonNode patched = patched(SIDECAR, manifest);
            StrictManifestsTest.parse(patched);
            written.append("---\n").append(patched).append('\n');
            if (patched.path("kind").asText().equals("Service")) {
                assertThat(patched.at("/spec/ports/0/targetPort").asText()).isEqualTo("lastcall");
            } else {
                JsonNode pod = patched.at("/spec/template/spec");
                assertThat(pod.at("/containers/0/lifecycle/preStop/httpGet/path")
                                .asText())
                        .isEqualTo("/drain/pre-stop");
                assertThat(names(pod.path("initContainers"))).contains("lastcall");
                assertThat(names(pod.path("volumes"))).contains("lastcall-tmp");
                boolean job = patched.path("kind").asText().equals("Job");
                // Nobody is routed to a Job: it has no lame duck to wait for.
                assertThat(names(pod.findValue("initContainers").findPath("env"))
                                .contains("LASTCALL_DRAIN_LAME_DUCK_MAX"))
                        .isEqualTo(job);
            }
        }
        assertLintFindsNoError(written.toString());
    }

    /** Before Kubernetes 1.29. */
    @ParameterizedTest
    @ValueSource(strings = {"fastapi", "node", "rails", "grpc"})
    void olderClustersGetAContainerBesideTheApplications(String sample) throws Exception {
        StringBuilder written = new StringBuilder();
        for (JsonNode manifest : Kustomized.documents(SAMPLES.resolve(sample).resolve("app.yaml"))) {
            JsonNode patched = patched(CLASSIC, manifest);
            StrictManifestsTest.parse(patched);
            written.append("---\n").append(patched).append('\n');
            if (patched.at("/spec/template").isObject()) {
                JsonNode containers = patched.at("/spec/template/spec/containers");
                assertThat(names(containers)).endsWith("lastcall");
                for (JsonNode container : List.of(containers.get(0), containers.get(containers.size() - 1))) {
                    assertThat(container.at("/lifecycle/preStop/httpGet/port").asInt())
                            .isEqualTo(9000);
                }
            }
        }
        assertLintFindsNoError(written.toString());
    }

    /** The sidecars of both components, the same but for the lifecycle, the restart policy and the liveness probe's own grace period. */
    @Test
    void bothComponentsHaveTheSameSidecar() throws IOException {
        ObjectNode nativeOne = sidecar(SIDECAR, "initContainers");
        ObjectNode classic = sidecar(CLASSIC, "containers");
        assertThat(classic.remove("lifecycle").isObject()).isTrue();
        nativeOne.remove("restartPolicy");
        ((ObjectNode) nativeOne.path("livenessProbe")).remove("terminationGracePeriodSeconds");
        assertThat(classic).isEqualTo(nativeOne);
        for (String file : List.of("pre-stop.yaml", "service.yaml")) {
            assertThat(CLASSIC.resolve(file)).hasSameTextualContentAs(SIDECAR.resolve(file));
        }
    }

    private static ObjectNode sidecar(Path component, String list) throws IOException {
        JsonNode patch = Kustomized.document(component.resolve("sidecar.yaml"));
        return patch.at("/spec/template/spec/" + list + "/0").deepCopy();
    }

    /** The output of kustomize itself, which is the same, where there is a kubectl that knows components (1.21; Debian's is older). */
    @ParameterizedTest
    @ValueSource(strings = {"fastapi", "node", "rails", "grpc", "job"})
    void kustomizeMakesTheSameOfIt(String sample) throws Exception {
        assumeTrue(kubectlMinor() >= 21, "skipped: no kubectl of 1.21 or later on this machine");
        Path rendered = directory.resolve("rendered.yaml");
        try (ChildProcess kubectl = ChildProcess.start(Command.of(
                "kubectl", "kustomize", SAMPLES.resolve(sample).toString(), "--output", rendered.toString()))) {
            assertThat(kubectl.exitCode(LIMIT)).as("%s", kubectl.lines()).isZero();
        }
        List<JsonNode> made = new ArrayList<>();
        for (JsonNode manifest : Kustomized.documents(SAMPLES.resolve(sample).resolve("app.yaml"))) {
            made.add(patched(SIDECAR, manifest));
        }
        for (JsonNode document : Kustomized.documents(rendered)) {
            StrictManifestsTest.parse(document);
            // kustomize puts what a patch adds to a list before what is there.
            assertThat(made).map(ComponentTest::ordered).contains(ordered(document));
        }
        assertLintFindsNoError(Files.readString(rendered));
    }

    /** The 32 of 1.32, as older and newer ones write it; 0 where there is none. */
    private static int kubectlMinor() {
        try (ChildProcess kubectl = ChildProcess.start(Command.of("sh", "-c", "kubectl version --client"))) {
            kubectl.exitCode(LIMIT);
            Matcher minor = MINOR.matcher(String.join(" ", kubectl.lines()));
            return minor.find() ? Integer.parseInt(minor.group(1)) : 0;
        }
    }

    private void assertLintFindsNoError(String manifests) throws IOException {
        Path file = Files.writeString(directory.resolve("manifests.yaml"), manifests);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = Lint.run(List.of(file.toString()), InputStream.nullInputStream(), stream, stream);
        assertThat(code).as("%s", out.toString(StandardCharsets.UTF_8)).isZero();
    }

    private static JsonNode patched(Path component, JsonNode manifest) throws IOException {
        JsonNode result = manifest;
        for (JsonNode patch :
                Kustomized.document(component.resolve("kustomization.yaml")).path("patches")) {
            List<String> kinds = List.of(patch.at("/target/kind").asText().split("\\|"));
            String[] label = patch.at("/target/labelSelector").asText().split("=", -1);
            if (kinds.contains(manifest.path("kind").asText())
                    && manifest.at("/metadata/labels").path(label[0]).asText().equals(label[1])) {
                result = with(
                        result,
                        Kustomized.documents(
                                component.resolve(patch.path("path").asText())));
            }
        }
        return result.isObject() ? withImages(component, result) : result;
    }

    /** A strategic merge, or the operations of a JSON patch, of which we use "add" alone. */
    private static JsonNode with(JsonNode manifest, List<JsonNode> patch) {
        if (!patch.get(0).has("op")) {
            ObjectNode merge = patch.get(0).deepCopy();
            merge.remove(List.of("apiVersion", "kind", "metadata"));
            return Kustomized.merged(manifest, merge);
        }
        JsonNode result = manifest.deepCopy();
        for (JsonNode operation : patch) {
            assertThat(operation.path("op").asText()).isEqualTo("add");
            String path = operation.path("path").asText();
            int last = path.lastIndexOf('/');
            ((ObjectNode) result.at(path.substring(0, last))).set(path.substring(last + 1), operation.get("value"));
        }
        return result;
    }

    private static JsonNode withImages(Path component, JsonNode manifest) throws IOException {
        JsonNode image =
                Kustomized.document(component.resolve("kustomization.yaml")).at("/images/0");
        return Kustomized.withImage(manifest, image);
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(each -> names.add(each.path("name").asText()));
        return names;
    }

    /** The same with its lists of named things by name. */
    static JsonNode ordered(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            ObjectNode result = fields.objectNode();
            fields.properties().forEach(field -> result.set(field.getKey(), ordered(field.getValue())));
            return result;
        }
        if (node instanceof ArrayNode list) {
            List<JsonNode> items = new ArrayList<>();
            list.forEach(item -> items.add(ordered(item)));
            if (list.path(0).has("name")) {
                items.sort((a, b) ->
                        a.path("name").asText().compareTo(b.path("name").asText()));
            }
            return list.arrayNode().addAll(items);
        }
        return node;
    }
}

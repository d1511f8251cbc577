package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every manifest is one that Kubernetes knows, down to the last field: unknown, mistyped and missing ones are refused. */
class StrictManifestsTest {
    private static final Path PATCH = Path.of("k8s", "overlays", "agents", "deployment.yaml");

    /** Models by {@code apiVersion/kind}; removed versions are not among them. */
    private static final Map<String, String> MODELS = Map.of(
            "apps/v1/Deployment", "V1Deployment",
            "apps/v1/StatefulSet", "V1StatefulSet",
            "batch/v1/Job", "V1Job",
            "v1/Service", "V1Service",
            "v1/Secret", "V1Secret",
            "v1/ConfigMap", "V1ConfigMap",
            "policy/v1/PodDisruptionBudget", "V1PodDisruptionBudget",
            "networking.k8s.io/v1/NetworkPolicy", "V1NetworkPolicy",
            "autoscaling/v2/HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler");

    static Stream<Path> manifests() throws IOException {
        return Kustomized.files().stream()
                .filter(file -> !file.endsWith("kustomization.yaml") && !file.equals(PATCH))
                // Rules of Prometheus' operator and dashboards have no model among Kubernetes' own.
                .filter(file -> !file.startsWith(Path.of("k8s", "monitoring")))
                // Patches, which ComponentTest lays over manifests.
                .filter(file -> !file.startsWith(ComponentTest.COMPONENT));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void manifestHasOnlyFieldsThatKubernetesKnows(Path file) throws Exception {
        List<JsonNode> documents = Kustomized.documents(file);
        assertThat(documents).isNotEmpty();
        for (JsonNode document : documents) {
            parse(document);
        }
    }

    @Test
    void patchOfTheAgentsOverlayMakesADeploymentOutOfTheBase() throws Exception {
        JsonNode base = Kustomized.document(Path.of("k8s", "base", "deployment.yaml"));
        JsonNode agents = Kustomized.merged(base, Kustomized.document(PATCH));
        parse(agents);
        assertThat(agents.at("/spec").has("replicas")).isFalse();
        assertThat(agents.at("/spec/template/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(60);
        assertThat(agents.at("/spec/template/spec/containers")).hasSize(1);
        assertThat(agents.at("/spec/template/spec/containers/0/lifecycle"))
                .isEqualTo(base.at("/spec/template/spec/containers/0/lifecycle"));
    }

    @Test
    void unknownMistypedAndMissingFieldsAreRefused() throws Exception {
        JsonNode sound = Kustomized.document(Path.of("k8s", "base", "deployment.yaml"));
        refused(sound, "/spec/template/spec", spec -> spec.put("terminationGracePeriod", 30));
        refused(sound, "/spec/template/spec/containers/0/lifecycle/preStop/httpGet", get -> get.put("url", "/"));
        refused(sound, "/spec/template/spec", spec -> spec.put("terminationGracePeriodSeconds", "soon"));
        refused(sound, "/spec", spec -> spec.remove("selector"));
    }

    private static void refused(JsonNode sound, String place, java.util.function.Consumer<ObjectNode> spoil) {
        JsonNode spoilt = sound.deepCopy();
        spoil.accept((ObjectNode) spoilt.at(place));
        assertThatThrownBy(() -> parse(spoilt)).isInstanceOf(RuntimeException.class);
    }

    static Object parse(JsonNode document) throws Exception {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        assertThat(MODELS).containsKey(kind);
        Class<?> model = Class.forName("io.kubernetes.client.openapi.models." + MODELS.get(kind));
        try {
            return model.getMethod("fromJson", String.class).invoke(null, document.toString());
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(document.at("/metadata/name") + ": " + e.getCause(), e.getCause());
        }
    }
}

package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
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
    private static final Map<String, String> MODELS = Map.ofEntries(
            Map.entry("apps/v1/Deployment", "V1Deployment"),
            Map.entry("apps/v1/StatefulSet", "V1StatefulSet"),
            Map.entry("batch/v1/Job", "V1Job"),
            Map.entry("v1/Service", "V1Service"),
            Map.entry("v1/ServiceAccount", "V1ServiceAccount"),
            Map.entry("v1/Secret", "V1Secret"),
            Map.entry("v1/ConfigMap", "V1ConfigMap"),
            Map.entry("rbac.authorization.k8s.io/v1/Role", "V1Role"),
            Map.entry("rbac.authorization.k8s.io/v1/RoleBinding", "V1RoleBinding"),
            Map.entry("policy/v1/PodDisruptionBudget", "V1PodDisruptionBudget"),
            Map.entry("networking.k8s.io/v1/Ingress", "V1Ingress"),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", "V1NetworkPolicy"),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"));

    /** Kinds of the Prometheus operator and of the Gateway API. */
    private static final Map<String, Class<?>> OTHERS = Map.of(
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class,
            "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class,
            "gateway.networking.k8s.io/v1/HTTPRoute", HTTPRoute.class);

    /** These models keep unknown fields aside; here they are refused. */
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

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

    @Test
    void unknownFieldsOfOtherKindsAreRefused() throws Exception {
        for (JsonNode sound : HelmChart.objects(
                "agents",
                HelmChart.SAMPLES.resolve("base-values.yaml"),
                "monitoring.podMonitor=true",
                "monitoring.serviceMonitor=true",
                "monitoring.prometheusRule=true",
                "httpRoute.enabled=true")) {
            refused(sound, "/metadata", metadata -> metadata.put("label", "x"));
            if (!sound.path("kind").asText().equals("ServiceAccount")) {
                refused(sound, "/spec", spec -> spec.put("endpoint", "x"));
            }
        }
    }

    private static void refused(JsonNode sound, String place, java.util.function.Consumer<ObjectNode> spoil) {
        JsonNode spoilt = sound.deepCopy();
        spoil.accept((ObjectNode) spoilt.at(place));
        assertThatThrownBy(() -> parse(spoilt)).isInstanceOf(Exception.class);
    }

    static Object parse(JsonNode document) throws Exception {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        if (OTHERS.containsKey(kind)) {
            return STRICT.treeToValue(document, OTHERS.get(kind));
        }
        assertThat(MODELS).containsKey(kind);
        Class<?> model = Class.forName("io.kubernetes.client.openapi.models." + MODELS.get(kind));
        try {
            return model.getMethod("fromJson", String.class).invoke(null, document.toString());
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(document.at("/metadata/name") + ": " + e.getCause(), e.getCause());
        }
    }
}

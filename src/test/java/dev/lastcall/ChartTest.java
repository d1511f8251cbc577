package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.Release;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.lastcall.drain.DrainProfile;
import dev.lastcall.lint.Lint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart makes what the overlays make, refuses what cannot hold, and everything it can make is sound. */
class ChartTest {
    private static final Path DEFAULTS = HelmChart.SAMPLES.resolve("base-values.yaml");
    private static final Path SIDECAR = HelmChart.SAMPLES.resolve("sidecar-values.yaml");
    private static final String NEWEST = "1.33.0";

    /** Everything that is off unless somebody asks. */
    private static final String[] EVERYTHING = {
        "monitoring.podMonitor=true",
        "monitoring.serviceMonitor=true",
        "monitoring.prometheusRule=true",
        "monitoring.dashboard=true",
        "monitoring.labels.release=prometheus",
        "ingress.enabled=true",
        "ingress.className=nginx",
        "ingress.hosts[0]=agents.example",
        "ingress.tls[0].secretName=tls",
        "httpRoute.enabled=true",
        "httpRoute.parentRefs[0].name=gateway",
        "httpRoute.hostnames[0]=agents.example",
        "autoscaling.enabled=true",
        "autoscaling.metric=runs",
        "autoscaling.target=40",
        "drain.profile=alb",
        "drain.streamPatience=20",
        "drain.readiness=keep",
        "existingSecret=lastcall",
        "config.lastcall.run.schema=lastcall",
        "priorityClassName=serving",
        "readinessGates[0].conditionType=example/registered",
        "kubernetes.watch=true",
        "kubernetes.deletionCost=true",
        "kubernetes.readinessGate=lastcall.dev/serving",
        "podAnnotations.team=agents",
        "service.type=LoadBalancer",
        "image.digest=sha256:" + "0".repeat(64)
    };

    @ParameterizedTest
    @CsvSource({
        "base,                     base,            lastcall",
        "overlays/agents,          agents,          lastcall",
        "overlays/dev,             agents,          lastcall",
        "overlays/sidecar,         sidecar,         app",
        "overlays/sidecar-classic, sidecar-classic, app",
        "../src/test/resources/component/watch,         watch,         lastcall",
        "../src/test/resources/component/watch-sidecar, watch-sidecar, app"
    })
    void chartMakesTheObjectsOfTheOverlay(String overlay, String values, String release) throws IOException {
        Map<String, JsonNode> kustomized = byId(Kustomized.rendered(Kustomized.FOLDER.resolve(overlay)));
        // Databases for trying out, and their Secret, are no part of the chart.
        kustomized
                .keySet()
                .removeIf(id -> id.endsWith("/postgres") || id.endsWith("/redis") || id.startsWith("Secret/"));
        Map<String, JsonNode> charted =
                byId(HelmChart.objects(release, HelmChart.SAMPLES.resolve(values + "-values.yaml")));
        assertThat(charted.keySet()).isEqualTo(kustomized.keySet());
        kustomized.forEach((id, object) -> assertThat(charted).containsEntry(id, object));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "agents", "sidecar", "sidecar-classic"})
    void everyObjectIsOneThatItsServerKnows(String values) throws Exception {
        Path file = HelmChart.SAMPLES.resolve(values + "-values.yaml");
        List<JsonNode> objects = HelmChart.objects("agents", file, EVERYTHING);
        assertThat(objects)
                .extracting(each -> each.path("kind").asText())
                .contains(
                        "PodMonitor",
                        "ServiceMonitor",
                        "PrometheusRule",
                        "ConfigMap",
                        "Ingress",
                        "HTTPRoute",
                        "Role",
                        "RoleBinding",
                        "HorizontalPodAutoscaler");
        for (JsonNode object : objects) {
            StrictManifestsTest.parse(object);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "agents", "sidecar", "sidecar-classic"})
    void ownLintFindsNothing(String values) throws IOException {
        Path file = HelmChart.SAMPLES.resolve(values + "-values.yaml");
        for (String profile : profiles()) {
            assertLintFindsNothing(
                    HelmChart.text("agents", file, NEWEST, "drain.gracePeriod=null", "drain.profile=" + profile));
        }
        assertLintFindsNothing(HelmChart.text("agents", file, NEWEST, EVERYTHING));
    }

    private static List<String> profiles() {
        return Stream.concat(Stream.of(""), DrainProfile.keys().stream()).toList();
    }

    /** The chart cannot ask the program, so it has a table of its own. */
    @Test
    void profilesAreThoseOfTheProgram() throws IOException {
        Map<String, Integer> written = new TreeMap<>();
        Kustomized.document(HelmChart.FOLDER.resolve("profiles.yaml"))
                .properties()
                .forEach(each -> written.put(each.getKey(), each.getValue().asInt()));
        Map<String, Integer> known = new TreeMap<>();
        for (DrainProfile profile : DrainProfile.values()) {
            known.put(profile.key(), (int) profile.to().toSeconds());
            long grace = profile.presets()
                    .getOrDefault("grace-period", Duration.ZERO)
                    .toSeconds();
            assertThat(HelmChart.text("agents", DEFAULTS, NEWEST, "drain.profile=" + profile.key()))
                    .contains("terminationGracePeriodSeconds: " + grace);
        }
        assertThat(written).isEqualTo(known);
        JsonNode choices = new ObjectMapper()
                .readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile())
                .at("/properties/drain/properties/profile/enum");
        assertThat(choices).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(profiles());
    }

    private static void assertLintFindsNothing(String rendered) {
        var out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var input = new ByteArrayInputStream(rendered.getBytes(StandardCharsets.UTF_8));
        int code = Lint.run(List.of("--fail-on=warning", "-"), input, stream, stream);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("0 errors, 0 warnings in ")
                .doesNotContain(": note: ");
        assertThat(code).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drain.gracePeriod=15 | drain.gracePeriod: 15 (expected: > lame-duck.max + cancel-reserve + release-reserve + exit-margin = 10 + 3 + 4 + 1 = 18)",
                "drain.gracePeriod=24 seat=sidecar | drain.gracePeriod: 24 (expected: > lame-duck.max + cancel-reserve + release-reserve + exit-margin = 10 + 3 + 10 + 1 = 24)",
                "drain.gracePeriod=30 drain.profile=nlb | = 128 + 3 + 4 + 1 = 136)",
                "drain.gracePeriod=30 drain.cancelReserve=20 | = 10 + 20 + 4 + 1 = 35)",
                "drain.lameDuck.min=20 | drain.lameDuck.min: 20 (expected: <= lame-duck.max = 10)",
                "drain.streamPatience=40 | drain.streamPatience: 40 (expected: <= gracePeriod = 30)",
                "extraEnv[0].name=LASTCALL_DRAIN_GRACE_PERIOD | extraEnv: LASTCALL_DRAIN_GRACE_PERIOD (expected: a value of drain",
                "config.lastcall.drain.profile=nlb | config: lastcall.drain (expected: values of drain)",
                "podDisruptionBudget.minAvailable=2 | podDisruptionBudget.minAvailable: 2 (expected: < 2",
                "autoscaling.enabled=true autoscaling.maxReplicas=1 | autoscaling.minReplicas: 2 (expected: <= maxReplicas = 1)",
                "kubernetes.deletionCost=true | kubernetes.deletionCost and kubernetes.readinessGate (expected: with kubernetes.watch=true)",
                "drain.profile=f5 | at '/drain/profile': value must be one of",
                "drain.gracePeriod=soon | at '/drain/gracePeriod': got string",
                "drain.gracePeriode=30 | additional properties 'gracePeriode' not allowed",
                "image.digest=latest | at '/image/digest'"
            })
    void whatCannotHoldFailsTheRendering(String settings, String expected) {
        assertThatThrownBy(() -> HelmChart.text("agents", DEFAULTS, NEWEST, settings.split(" ", -1)))
                .hasMessageContaining(expected);
    }

    @Test
    void watchGetsTheRightsOfWhatItDoesAndNoOthers() {
        assertThat(HelmChart.text("agents", DEFAULTS, NEWEST, "kubernetes.watch=true"))
                .contains("verbs: [\"list\", \"watch\"]", "automountServiceAccountToken: true")
                .doesNotContain("patch", "readinessGates");
        assertThat(HelmChart.text("agents", DEFAULTS, NEWEST, EVERYTHING))
                .contains(
                        "verbs: [\"list\", \"watch\", \"patch\"]",
                        "resources: [\"pods/status\"]",
                        "conditionType: lastcall.dev/serving",
                        "conditionType: example/registered");
        assertThat(HelmChart.text("agents", DEFAULTS, NEWEST)).doesNotContain("kind: Role");
    }

    @Test
    void shortestBudgetThatHoldsIsOneSecondMore() {
        assertThat(HelmChart.text("agents", DEFAULTS, NEWEST, "drain.gracePeriod=19"))
                .contains("terminationGracePeriodSeconds: 19", "value: \"19\"");
    }

    @Test
    void whatWaitsForADrainIsComputedFromItsBudget() {
        String rendered = HelmChart.text(
                "agents",
                DEFAULTS,
                NEWEST,
                "drain.gracePeriod=600",
                "autoscaling.enabled=true",
                "ingress.enabled=true",
                "drain.profile=alb");
        assertThat(rendered)
                .contains(
                        "stabilizationWindowSeconds: 660",
                        "periodSeconds: 600",
                        "deregistration_delay.timeout_seconds=600");
    }

    @Test
    void azuresGatewayDrainsAsLongAsThePod() {
        assertThat(HelmChart.text("agents", DEFAULTS, NEWEST, "ingress.enabled=true", "drain.profile=azure"))
                .contains("terminationGracePeriodSeconds: 118", "connection-draining-timeout: \"118\"");
    }

    @Test
    void olderClustersGetWhatTheyKnow() {
        assertThat(HelmChart.text("app", HelmChart.SAMPLES.resolve("base-values.yaml"), "1.20.2", "seat=sidecar"))
                .contains("apiVersion: policy/v1beta1")
                .doesNotContain("initContainers", "matchLabelKeys", "unhealthyPodEvictionPolicy");
        assertThat(HelmChart.text("app", SIDECAR, "1.29.0", "sidecar.native=null"))
                .contains("initContainers", "restartPolicy: Always");
    }

    @Test
    void digestWinsOverTheTag() {
        String digest = "sha256:" + "a".repeat(64);
        assertThat(HelmChart.text(
                        "app",
                        SIDECAR,
                        NEWEST,
                        "image.digest=" + digest,
                        "image.tag=1.0.0",
                        "application.image.tag=2.1.0"))
                .contains("image: lastcall@" + digest, "image: app:2.1.0", "app.kubernetes.io/version: \"2.1.0\"");
    }

    /** Only an install renders them; nothing is asked of a cluster. */
    @Test
    void notesSayTheBudget() {
        Release release = new Helm(HelmChart.FOLDER)
                .install()
                .withName("app")
                .withNamespace("shop")
                .clientOnly()
                .dryRun()
                .set("seat", "sidecar")
                .call();
        assertThat(release.getOutput())
                .contains("A pod has 45 s to end in", "14 s before the kill", "in the last 11 s")
                .contains("rollout restart deployment/app");
    }

    @Test
    void helmsOwnLintIsContent() {
        LintResult result = new Helm(HelmChart.FOLDER).lint().strict().call();
        assertThat(result.getMessages()).noneMatch(line -> line.contains("[ERROR]") || line.contains("[WARNING]"));
        assertThat(result.isFailed()).isFalse();
    }

    @Test
    void schemaIsOneAndTheValuesOfTheChartFitIt() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode written =
                json.readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile());
        JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
        assertThat(schemas.getSchema(java.net.URI.create("http://json-schema.org/draft-07/schema#"))
                        .validate(written))
                .isEmpty();
        JsonSchema schema = schemas.getSchema(written);
        assertThat(schema.validate(Kustomized.document(HelmChart.FOLDER.resolve("values.yaml"))))
                .isEmpty();
        try (Stream<Path> samples = Files.list(HelmChart.SAMPLES)) {
            for (Path sample : samples.toList()) {
                assertThat(schema.validate(Kustomized.document(sample)))
                        .as("%s", sample)
                        .isEmpty();
            }
        }
    }

    /** A value that the schema does not know cannot be set; one without a default is not to be found. */
    @Test
    void schemaKnowsTheValuesOfTheChartAndNoOthers() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(HelmChart.FOLDER.resolve("values.schema.json").toFile());
        assertSameKeys("", schema, Kustomized.document(HelmChart.FOLDER.resolve("values.yaml")));
    }

    private static void assertSameKeys(String place, JsonNode schema, JsonNode values) {
        JsonNode properties = schema.path("properties");
        if (properties.isMissingNode() || values.isEmpty()) {
            return;
        }
        assertThat(values.properties().stream().map(Map.Entry::getKey))
                .as(place)
                .containsExactlyInAnyOrderElementsOf(properties.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> !key.equals("global"))
                        .toList());
        values.properties()
                .forEach(each ->
                        assertSameKeys(place + "/" + each.getKey(), properties.get(each.getKey()), each.getValue()));
    }

    private static Map<String, JsonNode> byId(List<JsonNode> objects) {
        return objects.stream()
                .collect(Collectors.toMap(Kustomized::id, ChartTest::ordered, (one, other) -> one, TreeMap::new));
    }

    /** Without the two labels that say who made it, variables by name. */
    private static JsonNode ordered(JsonNode object) {
        ObjectNode result = ComponentTest.ordered(object).deepCopy();
        if (result.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.remove(List.of("app.kubernetes.io/managed-by", "helm.sh/chart"));
        }
        return result;
    }
}

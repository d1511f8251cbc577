package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lastcall.drain.DrainSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The overlays of the sidecar agree with each other and with the code. */
class SidecarManifestsTest {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String NATIVE = "sidecar";
    private static final String CLASSIC = "sidecar-classic";

    private static JsonNode manifest(String overlay, String name) throws IOException {
        return YAML.readTree(Path.of("k8s", "overlays", overlay, name).toFile());
    }

    private static JsonNode pod(String overlay) throws IOException {
        return manifest(overlay, "deployment.yaml").at("/spec/template/spec");
    }

    private static JsonNode container(String overlay, String name) throws IOException {
        for (String kind : List.of("initContainers", "containers")) {
            for (JsonNode each : pod(overlay).path(kind)) {
                if (each.get("name").asText().equals(name)) {
                    return each;
                }
            }
        }
        throw new AssertionError("no container " + name + " in " + overlay);
    }

    private static String environment(JsonNode container, String name) {
        return StreamSupport.stream(container.get("env").spliterator(), false)
                .filter(each -> each.get("name").asText().equals(name))
                .map(each -> each.get("value").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    /** {@code 10s}, or seconds as a bare number. */
    private static Duration seconds(JsonNode container, String name) {
        return Duration.ofSeconds(Long.parseLong(environment(container, name).replaceFirst("s$", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void applicationsPreStopAsksTheSidecar(String overlay) throws IOException {
        JsonNode preStop = container(overlay, "app").at("/lifecycle/preStop/httpGet");
        assertThat(preStop.get("path").asText()).isEqualTo("/drain/pre-stop");
        assertThat(preStop.get("port").asInt()).isEqualTo(9000);
        assertThat(preStop.at("/httpHeaders/0/name").asText()).isEqualTo("X-Lastcall-Pre-Stop");
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void budgetIsThePodsAndAddsUp(String overlay) throws IOException {
        JsonNode sidecar = container(overlay, "lastcall");
        Duration grace = seconds(sidecar, "LASTCALL_DRAIN_GRACE_PERIOD");
        Duration release = seconds(sidecar, "LASTCALL_DRAIN_RELEASE_RESERVE");
        assertThat(grace.toSeconds())
                .isEqualTo(pod(overlay).get("terminationGracePeriodSeconds").asLong())
                .isEqualTo(45);
        assertThat(release).isEqualTo(Duration.ofSeconds(10));
        DrainSettings defaults = DrainSettings.defaults();
        assertThat(new DrainSettings(
                                grace,
                                defaults.exitMargin(),
                                defaults.keepReady(),
                                defaults.lameDuck(),
                                null,
                                defaults.cancelReserve(),
                                release,
                                false)
                        .gracePeriod())
                .isEqualTo(grace);
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void clientsComeToTheSidecarAndItGoesToTheApplication(String overlay) throws IOException {
        JsonNode sidecar = container(overlay, "lastcall");
        assertThat(environment(sidecar, "LASTCALL_PROXY_UPSTREAM")).isEqualTo("http://127.0.0.1:8000");
        assertThat(sidecar.at("/ports/0/name").asText()).isEqualTo("http");
        assertThat(sidecar.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
        assertThat(container(overlay, "app").path("ports")).isEmpty();
        JsonNode ports = manifest(overlay, "service.yaml").at("/spec/ports");
        assertThat(ports).hasSize(1);
        assertThat(ports.at("/0/targetPort").asText()).isEqualTo("http");
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void sidecarIsProbedOnItsManagementPort(String overlay) throws IOException {
        JsonNode sidecar = container(overlay, "lastcall");
        assertThat(sidecar.at("/startupProbe/httpGet/path").asText()).isEqualTo("/q/health/started");
        assertThat(sidecar.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
        assertThat(sidecar.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(sidecar.get(probe).at("/httpGet/port").asInt()).isEqualTo(9000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void serviceAndBudgetSelectThePods(String overlay) throws IOException {
        JsonNode labels = manifest(overlay, "deployment.yaml").at("/spec/template/metadata/labels");
        for (JsonNode selector : List.of(
                manifest(overlay, "deployment.yaml").at("/spec/selector/matchLabels"),
                manifest(overlay, "service.yaml").at("/spec/selector"),
                manifest(overlay, "pdb.yaml").at("/spec/selector/matchLabels"),
                manifest(overlay, "networkpolicy.yaml").at("/spec/podSelector/matchLabels"))) {
            assertThat(selector.properties()).hasSize(2).isSubsetOf(labels.properties());
        }
    }

    /** A container without a probe is ready when it runs, though it does not listen yet: after a crash the pod would be. */
    @ParameterizedTest
    @ValueSource(strings = {NATIVE, CLASSIC})
    void applicationThatHasJustStartedIsNotReadyBeforeTheSidecarReachesIt(String overlay) throws IOException {
        JsonNode probe = container(overlay, "app").at("/readinessProbe");
        assertThat(probe.at("/httpGet/path").asText()).isEqualTo("/q/health/ready");
        assertThat(probe.at("/httpGet/port").asInt()).isEqualTo(9000);
    }

    @Test
    void nativeSidecarOutlivesTheApplicationAndNeedsNoPreStop() throws IOException {
        assertThat(pod(NATIVE).at("/initContainers/0/restartPolicy").asText()).isEqualTo("Always");
        assertThat(container(NATIVE, "lastcall").has("lifecycle")).isFalse();
    }

    @Test
    void classicSidecarHasAPreStopOfItsOwn() throws IOException {
        assertThat(pod(CLASSIC).has("initContainers")).isFalse();
        assertThat(container(CLASSIC, "lastcall")
                        .at("/lifecycle/preStop/httpGet/path")
                        .asText())
                .isEqualTo("/drain/pre-stop");
    }
}

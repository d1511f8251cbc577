package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lastcall.drain.DrainSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifests and the service agree on ports, budget, probes and labels. Surefire runs in the project's directory. */
class ManifestsTest {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String CONTAINER = "/spec/template/spec/containers/0";

    private static JsonNode manifest(String name) throws IOException {
        return YAML.readTree(Path.of("k8s", "base", name).toFile());
    }

    @Test
    void kubeletAllowsThePodExactlyTheDefaultGracePeriod() throws IOException {
        JsonNode pod = manifest("deployment.yaml").at("/spec/template/spec");
        assertThat(pod.get("terminationGracePeriodSeconds").asLong())
                .isEqualTo(DrainSettings.defaults().gracePeriod().toSeconds());
    }

    @Test
    void managementPortIsReachedByMonitoringAlone() throws IOException {
        JsonNode policy = manifest("networkpolicy.yaml").get("spec");
        assertSelectsThePods(policy.at("/podSelector/matchLabels"));
        assertThat(policy.get("policyTypes")).hasSize(1);
        assertThat(policy.get("ingress")).hasSize(2);
        for (JsonNode rule : policy.get("ingress")) {
            assertThat(rule.get("ports")).hasSize(1);
            boolean management = rule.at("/ports/0/port").asInt() == 9000;
            assertThat(rule.has("from")).isEqualTo(management);
        }
    }

    @Test
    void podsAreSpread() throws IOException {
        JsonNode constraints = manifest("deployment.yaml").at("/spec/template/spec/topologySpreadConstraints");
        assertThat(constraints.findValuesAsText("topologyKey"))
                .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
        for (JsonNode constraint : constraints) {
            assertSelectsThePods(constraint.at("/labelSelector/matchLabels"));
            assertThat(constraint.at("/matchLabelKeys/0").asText()).isEqualTo("pod-template-hash");
        }
    }

    @Test
    void preStopAndProbesAskTheManagementPort() throws IOException {
        JsonNode container = manifest("deployment.yaml").at(CONTAINER);
        assertAsks(container.at("/lifecycle/preStop"), "/drain/pre-stop");
        assertThat(container.at("/lifecycle/preStop/httpGet/httpHeaders/0/name").asText())
                .isEqualTo("X-Lastcall-Pre-Stop");
        assertAsks(container.get("startupProbe"), "/q/health/started");
        assertAsks(container.get("readinessProbe"), "/q/health/ready");
        assertAsks(container.get("livenessProbe"), "/q/health/live");
    }

    private static void assertAsks(JsonNode hook, String path) {
        assertThat(hook.at("/httpGet/path").asText()).isEqualTo(path);
        assertThat(hook.at("/httpGet/port").asInt()).isEqualTo(9000);
    }

    /** The service tries a database again for that long, which the startup probe must outlast: else the container is restarted meanwhile. */
    @Test
    void databaseIsWaitedForWithinTheStartupProbe() throws IOException {
        JsonNode agents = YAML.readTree(
                Path.of("k8s", "overlays", "agents", "deployment.yaml").toFile());
        String timeout = "";
        for (JsonNode variable : agents.at(CONTAINER + "/env")) {
            timeout = variable.path("name").asText().equals("LASTCALL_RUN_START_TIMEOUT")
                    ? variable.path("value").asText()
                    : timeout;
        }
        JsonNode probe = manifest("deployment.yaml").at(CONTAINER + "/startupProbe");
        int allowed = probe.get("periodSeconds").asInt()
                * probe.get("failureThreshold").asInt();
        assertThat(Integer.parseInt(timeout.replace("s", ""))).isBetween(120, allowed - 20);
        for (String database : List.of("postgres", "redis")) {
            JsonNode set = YAML.readTree(
                    Path.of("k8s", "overlays", "dev", database + ".yaml").toFile());
            assertThat(set.at(CONTAINER + "/readinessProbe/timeoutSeconds").asInt())
                    .isEqualTo(5);
        }
    }

    @Test
    void newPodIsReadyBeforeAnOldOneGoes() throws IOException {
        JsonNode rolling = manifest("deployment.yaml").at("/spec/strategy/rollingUpdate");
        assertThat(rolling.get("maxUnavailable").asText()).isEqualTo("0");
        assertThat(rolling.get("maxSurge").asText()).isEqualTo("1");
    }

    @Test
    void podIsRestrictedAndGetsNoServiceVariables() throws IOException {
        JsonNode deployment = manifest("deployment.yaml");
        JsonNode pod = deployment.at("/spec/template/spec");
        JsonNode container = deployment.at(CONTAINER + "/securityContext");
        assertThat(pod.get("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.get("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.get("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    }

    @Test
    void managementPortIsNotInTheService() throws IOException {
        JsonNode ports = manifest("service.yaml").at("/spec/ports");
        assertThat(ports).hasSize(1);
        assertThat(ports.at("/0/targetPort").asText()).isEqualTo("http");
    }

    @Test
    void serviceAndBudgetSelectThePodsOfTheDeployment() throws IOException {
        for (JsonNode selector : List.of(
                manifest("deployment.yaml").at("/spec/selector/matchLabels"),
                manifest("service.yaml").at("/spec/selector"),
                manifest("pdb.yaml").at("/spec/selector/matchLabels"))) {
            assertSelectsThePods(selector);
        }
    }

    /** Asserts that it selects by name and instance: the version changes, and a selector must not. */
    private static void assertSelectsThePods(JsonNode selector) throws IOException {
        JsonNode labels = manifest("deployment.yaml").at("/spec/template/metadata/labels");
        assertThat(selector.properties()).hasSize(2).isSubsetOf(labels.properties());
        assertThat(labels.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly(
                        "app.kubernetes.io/name",
                        "app.kubernetes.io/instance",
                        "app.kubernetes.io/version",
                        "app.kubernetes.io/component",
                        "app.kubernetes.io/part-of");
    }
}

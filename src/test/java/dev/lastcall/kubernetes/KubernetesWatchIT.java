package dev.lastcall.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.SelfSigned;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar beside an API server on a real TLS socket; no preStop ever comes. */
class KubernetesWatchIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Without rights at first; then its deletion, with 6 s of grace, is drained long before the signal, which the kubelet sends at the end. */
    @Test
    void deletionWithoutPreStopIsDrainedBeforeTheSignal() throws Exception {
        try (ApiServerStandIn server = new ApiServerStandIn(folder, SelfSigned.in(folder))) {
            server.pod(ApiServerStandIn.pod("10", "", ""));
            server.answering((request, exchange) -> exchange.status(403, "pods is forbidden"));
            try (Pod pod = Pod.start(settings(server))) {
                Operator operator = new Operator(pod);
                pod.awaitLine(
                        "WARN.*does not tell this pod of its end: 403 pods is forbidden; the account needs the rule",
                        LIMIT);
                assertThat(operator.ask("GET", "/q/metrics").body())
                        .contains("lastcall_kubernetes_watch_connected 0.0");
                server.token("rotated");
                server.behave();
                pod.awaitLine("the API server tells this pod of its end pod=web-1", LIMIT);
                assertThat(operator.ask("GET", "/q/metrics").body())
                        .contains("lastcall_kubernetes_watch_connected 1.0");
                assertThat(server.requests.get(server.requests.size() - 1).headers())
                        .containsEntry("authorization", "Bearer rotated");

                server.event("MODIFIED", ApiServerStandIn.deleted("11", 6));

                pod.awaitLine(
                        "drain triggered trigger=pod-deletion .* asked-by=kubernetes reason=\"deleted, deletionGracePeriodSeconds=6\"",
                        LIMIT);
                pod.awaitLine("WARN.*this pod is given 6s, less than grace-period=30s", LIMIT);
                HttpResponse<String> undrained = operator.ask("DELETE", "/drain");
                assertThat(undrained.statusCode()).isEqualTo(409);
                pod.awaitLine("drain state=drained", LIMIT);
                assertThat(pod.isRunning()).isTrue();
                pod.signal("TERM");
                assertThat(pod.exitCode(LIMIT)).isZero();
                JsonNode report = reportIn(pod);
                assertThat(report.get("triggers").toString()).isEqualTo("[\"pod-deletion\",\"sigterm\"]");
                assertThat(report.get("asked-by").asText()).isEqualTo("kubernetes");
                assertThat(report.at("/release/0/step").asText()).isEqualTo("kubernetes-watch");
                assertThat(report.at("/release/0/outcome").asText()).isEqualTo("released");
            }
        }
    }

    private static Map<String, String> settings(ApiServerStandIn server) {
        Map<String, String> settings = new HashMap<>();
        settings.put("lastcall.kubernetes.watch", "true");
        settings.put("lastcall.kubernetes.pod", "web-1");
        settings.put("lastcall.kubernetes.service-account", server.account());
        settings.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        settings.put("KUBERNETES_SERVICE_PORT", Integer.toString(server.port()));
        return settings;
    }

    private static JsonNode reportIn(Pod pod) throws Exception {
        String line = pod.lines().stream()
                .filter(each -> each.contains("\"exit-code\""))
                .findFirst()
                .orElseThrow();
        return new ObjectMapper().readTree(line.substring(line.indexOf('{')));
    }
}

package dev.lastcall.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.Forwarder;
import dev.lastcall.testing.Pod;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Deployment's rolling update as its clients see it, with the kubelet's and kube-proxy's rules: endpoints go later than pods are told. */
class RollingReplacementIT {
    private static final int PODS = 2;
    private static final int LATEST_WITHDRAWAL_MS = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> SETTINGS = Map.of(
            "quarkus.datasource.active", "false",
            "quarkus.redis.active", "false",
            "lastcall.model.scripted.tokens-per-second", "100");

    private final HttpClient kubelet = HttpClient.newHttpClient();
    private final ScheduledExecutorService endpoints = Executors.newSingleThreadScheduledExecutor();
    private final Forwarder service = Forwarder.start();
    private final Queue<Pod> pods = new ArrayDeque<>();
    private final Random random = new Random();

    @AfterEach
    void close() throws Exception {
        endpoints.shutdownNow();
        pods.forEach(Pod::close);
        service.close();
    }

    @Test
    void nothingIsLost() throws Exception {
        startAll(Map.of("lastcall.drain.lame-duck.min", "2s"));
        try (Load load = Load.on(service.port())) {
            List<JsonNode> reports = new ArrayList<>();
            List<Integer> withdrawals =
                    random.ints(PODS, 0, LATEST_WITHDRAWAL_MS).boxed().toList();
            for (int i = 0; i < PODS; i++) {
                startOne(Map.of("lastcall.drain.lame-duck.min", "2s"));
                reports.add(endOldest(withdrawals.get(i)));
            }
            double rate = load.rate();
            load.finish();

            assertThat(load.tally().lost())
                    .as("withdrawn after %s ms", withdrawals)
                    .isEmpty();
            assertThat(rate).isGreaterThan(5 * PODS);
            assertThat(load.tally().reused().sum()).isPositive();
            assertThat(reports).allSatisfy(RollingReplacementIT::assertNothingLost);
            assertThat(load.tally().crossed().sum()).isEqualTo(sumOf("crossed", reports));
        }
    }

    /** The check above can fail: without a lame duck, requests come to a pod that takes no more. */
    @Test
    void withoutALameDuckRequestsAreLost() throws Exception {
        Map<String, String> settings =
                Map.of("lastcall.drain.lame-duck.min", "0s", "lastcall.drain.lame-duck.max", "0s");
        startAll(settings);
        try (Load load = Load.on(service.port())) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(load.tally().served().sum()).isGreaterThan(50));
            assertThat(load.tally().lost()).isEmpty();
            endOldest(LATEST_WITHDRAWAL_MS);
            load.finish();

            assertThat(load.tally().lost()).isNotEmpty();
        }
    }

    private void startAll(Map<String, String> settings) {
        for (int i = 0; i < PODS; i++) {
            startOne(settings);
        }
    }

    private void startOne(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(settings);
        Pod pod = Pod.start(all);
        pods.add(pod);
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(status(pod, "/q/health/ready"))
                .isEqualTo(200));
        service.add(pod.httpPort());
    }

    /** The kubelet's order: preStop to its end, SIGTERM, exit; the endpoint goes in its own time. */
    private JsonNode endOldest(int withdrawalMs) throws Exception {
        Pod pod = pods.remove();
        try (pod) {
            int port = pod.httpPort();
            var withdrawal = endpoints.schedule(() -> service.withdraw(port), withdrawalMs, MILLISECONDS);
            assertThat(status(pod, "/drain/pre-stop")).isEqualTo(200);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            withdrawal.get(LATEST_WITHDRAWAL_MS, MILLISECONDS);
            return reportOf(pod);
        }
    }

    private int status(Pod pod, String path) throws Exception {
        var request = HttpRequest.newBuilder(pod.management(path)).build();
        return kubelet.sendAsync(request, BodyHandlers.ofString())
                .get(LIMIT.toSeconds(), SECONDS)
                .statusCode();
    }

    private static void assertNothingLost(JsonNode report) {
        assertThat(report.get("served").asLong()).isPositive();
        assertThat(report.get("rejected").asLong()).isZero();
        assertThat(report.get("cut").asLong()).isZero();
        assertThat(report.get("left").asLong()).isZero();
        assertThat(report.get("exit-code").asInt()).isZero();
    }

    private static long sumOf(String key, List<JsonNode> reports) {
        return reports.stream().mapToLong(report -> report.get(key).asLong()).sum();
    }

    private static JsonNode reportOf(Pod pod) throws Exception {
        var line = Pattern.compile("\\[dev\\.lastcall\\.report].*?(\\{.*})$");
        List<String> reports = pod.lines().stream()
                .flatMap(each -> line.matcher(each).results().map(match -> match.group(1)))
                .toList();
        assertThat(reports).hasSize(1);
        return new ObjectMapper().readTree(reports.get(0));
    }
}

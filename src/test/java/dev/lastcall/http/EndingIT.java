package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Futures;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ends of drains of the packaged application: streams, stuck requests, budgets, undrains. */
class EndingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration TEN_GRACE_PERIODS = Duration.ofSeconds(6);

    /** 4 s of grace: CANCELLING after 1.5 s, the cut after 2 s. */
    private static Map<String, String> hurried(String... more) {
        Map<String, String> settings = ShortDrain.of("grace-period", "4s", "cancel-reserve", "500ms");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static int exit(Pod pod, String signal) {
        pod.signal(signal);
        return pod.exitCode(LIMIT);
    }

    @Test
    void streamGetsItsShutdownEndAndIsNotCut() throws Exception {
        try (Pod pod = Pod.start(hurried());
                RawClient client = new RawClient(pod.httpPort())) {
            client.sendBytes(AgentRequest.of("/agent/stream", "count to 100000"));
            client.readTo("\"n\":3");
            pod.signal("TERM");
            assertThat(client.readTo("\r\n0\r\n\r\n"))
                    .containsOnlyOnce("\"type\":\"end\"")
                    .contains("\"reason\":\"shutdown\"")
                    .contains("\"run\":\"")
                    .contains("\"resume\":null")
                    .contains("\"last\":");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).report().get("cut").asInt()).isZero();
        }
    }

    @Test
    void http2StreamGetsItsShutdownEnd() throws Exception {
        try (Pod pod = Pod.start(hurried());
                H2cClient client = new H2cClient(pod.httpPort())) {
            var stream = client.post("/agent/stream", "count to 100000");
            new Operator(pod).awaitInFlight(1);
            pod.signal("TERM");
            assertThat(Futures.await(stream))
                    .startsWith("200 ")
                    .containsOnlyOnce("\"type\":\"end\"")
                    .contains("\"reason\":\"shutdown\"")
                    .contains("\"run\":\"")
                    .contains("\"resume\":null")
                    .contains("\"last\":");
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }

    @Test
    void unaryRunThatCannotEndGetsARetryableAnswer() throws Exception {
        try (Pod pod = Pod.start(hurried());
                RawClient client = new RawClient(pod.httpPort())) {
            client.sendBytes(AgentRequest.of("/agent/run", "count to 100000"));
            new Operator(pod).awaitInFlight(1);
            pod.signal("TERM");
            assertThat(client.readAnswer())
                    .startsWith("HTTP/1.1 503")
                    .contains("\"retryable\":true")
                    .containsIgnoringCase("x-should-retry: true");
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }

    @Test
    void stuckRequestIsCutAtTheDeadlineAndTheExitCodeIsOne() throws Exception {
        try (Pod pod = Pod.start(hurried());
                RawClient client = new RawClient(pod.httpPort())) {
            client.sendBytes(AgentRequest.head("/agent/run", 1000).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            assertThat(exit(pod, "TERM")).isOne();
            JsonNode report = operator.report();
            assertThat(report.get("cut").asInt()).isOne();
            assertThat(report.get("cuts").get(0).get("path").asText()).isEqualTo("/agent/run");
            assertThat(report.get("exit-code").asInt()).isOne();
            assertThat(operator.lasted("draining")).isGreaterThanOrEqualTo(Duration.ofMillis(1400));
            assertThat(operator.lasted("cancelling")).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    @Test
    void webSocketIsClosedWithItsReason() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Pod pod = Pod.start(hurried())) {
            WebSocket socket =
                    Futures.await(vertx.createWebSocketClient().connect(pod.httpPort(), "localhost", "/agent/ws"));
            CompletableFuture<String> closed = new CompletableFuture<>();
            socket.closeHandler(end -> closed.complete(socket.closeStatusCode() + " " + socket.closeReason()));
            Futures.await(socket.writeTextMessage("{\"input\":\"count to 100000\"}"));
            new Operator(pod).awaitInFlight(1);
            pod.signal("TERM");
            assertThat(closed.get(60, TimeUnit.SECONDS)).startsWith("1012 {\"reason\":\"shutdown\"");
            assertThat(pod.exitCode(LIMIT)).isZero();
        } finally {
            Futures.await(vertx.close());
        }
    }

    @Test
    void preStopWithoutASignalExpires() {
        try (Pod pod = Pod.start(hurried())) {
            Operator operator = new Operator(pod);
            assertThat(operator.ask("GET", "/drain/pre-stop").statusCode()).isEqualTo(200);
            assertThat(operator.drain().get("state").asText()).isEqualTo("drained");
            operator.awaitState("serving");
            assertThat(operator.drain().get("generation").asInt()).isEqualTo(2);
            assertThat(pod.lines()).anyMatch(line -> line.contains("WARN") && line.contains("expired"));
            assertThat(exit(pod, "TERM")).isZero();
        }
    }

    @Test
    void operatorsDrainIsUndoneOrReleasedHoweverOldItIs() throws Exception {
        Map<String, String> settings = new HashMap<>(ShortDrain.of(
                "grace-period", "600ms", "exit-margin", "0s", "cancel-reserve", "100ms", "release-reserve", "400ms"));
        try (Pod pod = Pod.start(settings)) {
            Operator operator = new Operator(pod);
            assertThat(operator.ask("POST", "/drain").statusCode()).isIn(200, 202);
            operator.awaitState("drained");
            assertThat(operator.ask("DELETE", "/drain").statusCode()).isEqualTo(200);
            assertThat(operator.drain().get("state").asText()).isEqualTo("serving");
            assertThat(operator.ask("POST", "/drain").statusCode()).isIn(200, 202);
            pod.awaitLine("drain state=drained", LIMIT);
            JsonNode drained = operator.drain();
            assertThat(drained.get("generation").asInt()).isEqualTo(2);
            Instant old = Instant.parse(drained.get("started-at").asText()).plus(TEN_GRACE_PERIODS);
            org.awaitility.Awaitility.await().atMost(LIMIT).until(() -> Instant.now()
                    .isAfter(old));
            assertThat(operator.drain().get("state").asText()).isEqualTo("drained");
            assertThat(exit(pod, "TERM")).isZero();
            assertThat(operator.report().get("triggers")).hasToString("[\"operator\",\"sigterm\"]");
        }
    }

    @Test
    void secondInterruptForces() throws Exception {
        try (Pod pod = Pod.start(ShortDrain.of("grace-period", "300s"));
                RawClient client = new RawClient(pod.httpPort())) {
            client.sendBytes(AgentRequest.head("/agent/run", 1000).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            pod.signal("INT");
            pod.awaitLine("drain state=draining", LIMIT);
            org.awaitility.Awaitility.await()
                    .pollDelay(Duration.ofMillis(700))
                    .untilAsserted(() -> assertThat(pod.isRunning()).isTrue());
            pod.signal("INT");
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(operator.report().get("cut").asInt()).isOne();
        }
    }
}

package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One pod that a SIGTERM brought into a long lame duck: not ready, alive, and everything is still served. */
@TestInstance(Lifecycle.PER_CLASS)
class LameDuckIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Pod pod =
            Pod.start(ShortDrain.of("grace-period", "130s", "lame-duck.min", "120s", "lame-duck.max", "120s"));
    private final Operator operator = new Operator(pod);
    private final RawClient kept = client();
    private final H2cClient h2c = new H2cClient(pod.httpPort());

    LameDuckIT() throws IOException {}

    @BeforeAll
    void drain() throws IOException {
        assertThat(run(kept, "hello")).startsWith("HTTP/1.1 200 OK").doesNotContainIgnoringCase("connection: close");
        assertThat(await(h2c.post("/agent/run", "hello"))).startsWith("200 ");
        operator.awaitInFlight(0);
        pod.signal("TERM");
        pod.awaitLine("drain state=lame-duck", LIMIT);
    }

    @AfterAll
    void exit() throws IOException {
        try (pod;
                kept;
                h2c) {
            // Ends the lame duck: a SIGINT has none.
            pod.signal("INT");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("triggers").toString()).isEqualTo("[\"sigterm\",\"sigint\"]");
            assertThat(report.get("served").asInt()).isEqualTo(4);
            assertThat(report.get("rejected").asInt()).isZero();
            assertThat(report.get("cut").asInt()).isZero();
        }
    }

    private RawClient client() throws IOException {
        return new RawClient(pod.httpPort());
    }

    private static String run(RawClient client, String input) throws IOException {
        return client.sendBytes(AgentRequest.of("/agent/run", input)).readAnswer();
    }

    @Test
    void requestIsServedAndItsConnectionClosedAfter() throws IOException {
        assertThat(run(kept, "hello")).startsWith("HTTP/1.1 200 OK").containsIgnoringCase("connection: close");
        assertThat(kept.readToEnd()).isEmpty();
    }

    @Test
    void requestsPipelinedBehindTheCloseAreNotExecuted() throws IOException {
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            three.write(AgentRequest.of("/agent/run", "count to 2"));
        }
        try (RawClient client = client()) {
            assertThat(client.sendBytes(three.toByteArray()).readAnswer())
                    .startsWith("HTTP/1.1 200 OK")
                    .containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void expectationIsContinuedOnAdmission() throws IOException {
        String body = AgentRequest.body("hello");
        try (RawClient client = client()) {
            client.sendBytes(AgentRequest.head("/agent/run", body.length(), "Expect: 100-continue")
                    .getBytes(UTF_8));
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            assertThat(client.sendBytes(body.getBytes(UTF_8)).readAnswer()).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void http2ConnectionIsToldToGo() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(h2c.goAways).isNotEmpty());
        assertThat(h2c.goAways.get(0).getLastStreamId()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void newHttp2ConnectionIsServedAndToldToGo() {
        try (H2cClient late = new H2cClient(pod.httpPort())) {
            Future<String> answer = late.post("/agent/run", "count to 20");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(late.goAways).isNotEmpty());
            assertThat(await(answer)).startsWith("200 ").contains(" 19 20 ");
        }
    }

    @Test
    void podIsNotReadyButAlive() {
        assertThat(operator.ask("GET", "/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(operator.ask("GET", "/q/health/live").statusCode()).isEqualTo(200);
    }
}

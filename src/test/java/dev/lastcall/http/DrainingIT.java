package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One pod that a SIGTERM brought to DRAINING and that a run without an end keeps there: what was admitted ends, what comes is refused. */
@TestInstance(Lifecycle.PER_CLASS)
class DrainingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int UPLOAD = 20 * 1024 * 1024;
    private static final String INPUT = AgentRequest.body("half and half");

    private final Pod pod = Pod.start(ShortDrain.of("grace-period", "120s"));
    private final Operator operator = new Operator(pod);
    private final H2cClient busy = new H2cClient(pod.httpPort());
    private final H2cClient idle = new H2cClient(pod.httpPort());
    private final RawClient endless = client();
    private final RawClient unary = client();
    private final RawClient upload = client();
    private Future<String> stream = Future.succeededFuture();

    DrainingIT() throws IOException {}

    @BeforeAll
    void drain() throws IOException {
        assertThat(await(idle.post("/agent/run", "hello"))).startsWith("200 ");
        endless.sendBytes(AgentRequest.of("/agent/run", "count to 100000"));
        unary.sendBytes(AgentRequest.of("/agent/run", "count to 60"));
        upload.sendBytes(AgentRequest.head("/agent/run", INPUT.length()).getBytes(UTF_8))
                .sendBytes(INPUT.substring(0, 9).getBytes(UTF_8));
        stream = busy.post("/agent/stream", "count to 60");
        operator.awaitInFlight(4);
        pod.signal("TERM");
        pod.awaitLine("drain state=draining", LIMIT);
    }

    @AfterAll
    void exit() throws IOException {
        try (pod;
                busy;
                idle) {
            unary.close();
            upload.close();
            endless.close();
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("cut").asInt()).as(report.toString()).isZero();
            assertThat(report.get("left").asInt()).as(report.toString()).isOne();
            assertThat(report.get("served").asInt()).isEqualTo(3);
            assertThat(report.get("rejected").asInt()).isEqualTo(3);
        }
    }

    private RawClient client() throws IOException {
        return new RawClient(pod.httpPort());
    }

    @Test
    void unaryRequestInFlightFinishes() throws IOException {
        assertThat(unary.readAnswer())
                .startsWith("HTTP/1.1 200 OK")
                .containsIgnoringCase("connection: close")
                .contains(" 59 60 ");
        assertThat(unary.readToEnd()).isEmpty();
    }

    @Test
    void uploadInFlightFinishes() throws IOException {
        upload.sendBytes(INPUT.substring(9).getBytes(UTF_8));
        assertThat(upload.readAnswer()).startsWith("HTTP/1.1 200 OK").contains("half and half");
    }

    @Test
    void http2StreamInFlightFinishesAfterGoAway() throws Exception {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(busy.goAways).isNotEmpty());
        assertThat(stream.toCompletionStage().toCompletableFuture().get(60, SECONDS))
                .startsWith("200 ")
                .contains("\"text\":\"60 \"")
                .contains("\"reason\":\"completed\"");
        busy.closed.get(60, SECONDS);
    }

    @Test
    void idleHttp2ConnectionGoes() throws Exception {
        idle.closed.get(60, SECONDS);
        assertThat(idle.goAways).isNotEmpty();
    }

    @Test
    void newRequestIsRefusedWithEveryHeaderARetryNeeds() throws IOException {
        try (RawClient client = client()) {
            String answer =
                    client.sendBytes(AgentRequest.of("/agent/run", "hello")).readAnswer();
            assertThat(answer)
                    .startsWith("HTTP/1.1 503 Service Unavailable")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .containsIgnoringCase("retry-after: 1\r\n")
                    .containsPattern("(?i)retry-after-ms: [2-5]\\d\\d\r\n")
                    .containsIgnoringCase("x-should-retry: true")
                    .containsIgnoringCase("connection: close")
                    .contains("\"retryable\":true");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void refusedUploadOfTwentyMegabytesReadsItsRefusal() throws IOException {
        try (RawClient client = client()) {
            client.sendBytes(AgentRequest.head("/agent/run", UPLOAD).getBytes(UTF_8))
                    .sendBytes(new byte[UPLOAD]);
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 503 ");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void expectationIsRefusedInsteadOfContinued() throws IOException {
        try (RawClient client = client()) {
            client.sendBytes(AgentRequest.head("/agent/run", UPLOAD, "Expect: 100-continue")
                    .getBytes(UTF_8));
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 503 ");
        }
    }
}

package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The connection closes with the last answer on it; the client that read it has not left. */
class LastStreamIT {
    @Test
    void lastHttp2StreamOfAConnectionIsServed() {
        try (Pod pod = Pod.start(ShortDrain.of());
                H2cClient client = new H2cClient(pod.httpPort())) {
            Operator operator = new Operator(pod);
            Future<String> answer = client.post("/agent/stream", "count to 40");
            operator.awaitInFlight(1);
            pod.signal("TERM");
            assertThat(await(answer)).startsWith("200 ").contains("\"reason\":\"completed\"");
            assertServed(pod, operator);
        }
    }

    @Test
    void lastRequestOfAnHttp1ConnectionIsServed() throws IOException {
        try (Pod pod = Pod.start(ShortDrain.of());
                RawClient client = new RawClient(pod.httpPort())) {
            Operator operator = new Operator(pod);
            client.sendBytes(AgentRequest.of("/agent/run", "count to 40"));
            operator.awaitInFlight(1);
            pod.signal("TERM");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK");
            assertServed(pod, operator);
        }
    }

    private static void assertServed(Pod pod, Operator operator) {
        assertThat(pod.exitCode(Duration.ofSeconds(20))).isZero();
        JsonNode report = operator.report();
        assertThat(report.get("served").asInt()).as(report.toString()).isOne();
        assertThat(report.get("left").asInt()).isZero();
    }
}

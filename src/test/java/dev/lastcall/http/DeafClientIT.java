package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that do not take what they are sent, or go without a word. */
class DeafClientIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ENDLESS = "count to 100000000";
    /** A pace at which unread tokens fill every buffer on the way. */
    private static final Map.Entry<String, String> FAST =
            Map.entry("lastcall.model.scripted.tokens-per-second", "100000");

    /** Twice the 4 MiB that the kernel keeps for a sender at most where nobody has changed it. */
    private static final long MORE_THAN_ALL_BUFFERS = 8L << 20;

    @Test
    void streamThatIsNeverReadIsCut() throws Exception {
        Map<String, String> settings = ShortDrain.of("grace-period", "6s");
        settings.put(FAST.getKey(), FAST.getValue());
        try (Pod pod = Pod.start(settings);
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new java.net.InetSocketAddress("localhost", pod.httpPort()));
            RawClient client = new RawClient(socket);
            client.sendBytes(AgentRequest.of("/agent/stream", ENDLESS)).readTo("\"n\":3,");
            try (RawClient reader = new RawClient(pod.httpPort())) {
                // As much at the same pace, or blocked already: a busy machine may need seconds for it.
                reader.sendBytes(AgentRequest.of("/agent/stream", ENDLESS));
                assertThat(reader.discard(MORE_THAN_ALL_BUFFERS)).isEqualTo(MORE_THAN_ALL_BUFFERS);
            }
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isOne();
            JsonNode report = new Operator(pod).report();
            assertThat(report.get("cut").asInt()).isOne();
            assertThat(report.at("/cuts/0/class").asText()).isEqualTo("stream");
            assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/agent/stream");
        }
    }

    @Test
    void webSocketThatNeverAnswersItsCloseIsCutOneSecondLater() throws Exception {
        // The cut of CANCELLING would come 20 s after the close: an earlier end is the goodbye's own.
        Map<String, String> settings = ShortDrain.of("grace-period", "23s", "cancel-reserve", "20s");
        try (Pod pod = Pod.start(settings);
                RawClient client = new RawClient(pod.httpPort())) {
            client.write(RawClient.AGENT_SOCKET);
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            pod.signal("TERM");
            pod.awaitLine("drain state=cancelling", LIMIT);
            assertThat(client.readTo("{\"reason\":\"shutdown\",\"retryable\":true}"))
                    .startsWith(closeFrame());
            assertThat(client.readToEnd()).isEmpty();
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(operator.lasted("cancelling")).isGreaterThanOrEqualTo(Duration.ofMillis(900));
            assertThat(operator.report().get("cut").asInt()).isZero();
        }
    }

    /** FIN and opcode 8, 40 bytes of payload, 1012. */
    private static String closeFrame() {
        return new String(new char[] {0x88, 40, 1012 >> 8, 1012 & 0xff});
    }

    @Test
    void clientsThatVanishInTheDrainEndItAndAreNotCut() throws Exception {
        try (Pod pod = Pod.start(ShortDrain.of("grace-period", "120s"))) {
            Operator operator = new Operator(pod);
            try (RawClient one = new RawClient(pod.httpPort());
                    H2cClient other = new H2cClient(pod.httpPort())) {
                one.sendBytes(AgentRequest.of("/agent/stream", ENDLESS)).readTo("\"n\":1,");
                other.post("/agent/stream", ENDLESS);
                operator.awaitInFlight(2);
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                assertThat(operator.inFlight().get("count").asInt()).isEqualTo(2);
            }
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("left").asInt()).isEqualTo(2);
            assertThat(report.get("cut").asInt()).isZero();
            assertThat(report.findValuesAsText("stage")).doesNotContain("cancelling");
        }
    }
}

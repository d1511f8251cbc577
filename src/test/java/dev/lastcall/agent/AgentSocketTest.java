package dev.lastcall.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.http.RawClient;
import dev.lastcall.model.TestModel;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OpenConnections;
import io.quarkus.websockets.next.WebSocketConnection;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Wire.class)
class AgentSocketTest {
    @TestHTTPResource("/agent/ws")
    URI address = URI.create("");

    private final OpenConnections connections;

    private final Complaints complaints = new Complaints();
    private final SocketMessages messages = new SocketMessages();

    AgentSocketTest(OpenConnections connections) {
        this.connections = connections;
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(complaints);
    }

    @AfterEach
    void nothingWasLogged() {
        Logger.getLogger("").removeHandler(complaints);
        assertThat(complaints.heard).isEmpty();
    }

    @Test
    void inputsRunOneAfterTheOtherOnOneConnection() throws Exception {
        WebSocket socket = connect();

        for (int i = 0; i < 3; i++) {
            send(socket, "count to 2");

            assertThat(messages.next()).isEqualTo("{\"type\":\"token\",\"n\":0,\"text\":\"1 \"}");
            assertThat(messages.next()).isEqualTo("{\"type\":\"token\",\"n\":1,\"text\":\"2 \"}");
            assertThat(new JsonObject(messages.next()).getMap())
                    .containsEntry("type", "end")
                    .containsEntry("reason", "completed")
                    .containsEntry("last", 1);
        }
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
        assertThat(messages.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    '{'             | 400 | body: not JSON
                    '{}'            | 400 | input: missing
                    '{"input":" "}' | 400 | input: blank
                    '{"input":[]}'  | 400 | input: an array
                    """)
    void badInputIsAnErrorAndTheConnectionStays(String message, int status, String detail) throws Exception {
        WebSocket socket = connect();

        socket.sendText(message, true).get(60, TimeUnit.SECONDS);

        assertError(status, detail);
        send(socket, "count to 0");
        assertThat(messages.next()).contains("\"completed\"");
        socket.abort();
    }

    @Test
    void inputOverTheLimitIsAnErrorAndTheConnectionStays() throws Exception {
        WebSocket socket = connect();

        send(socket, "a".repeat((64 << 10) + 1));

        assertError(413, "input: 65537 bytes of UTF-8 (expected: at most 65536");
        send(socket, "count to 0");
        assertThat(messages.next()).contains("\"completed\"");
        socket.abort();
    }

    @Test
    void binaryMessageIsReadAsText() throws Exception {
        WebSocket socket = connect();
        byte[] message = "{\"input\":\"count to 1\"}".getBytes(StandardCharsets.UTF_8);

        socket.sendBinary(ByteBuffer.wrap(message), true).get(60, TimeUnit.SECONDS);

        assertThat(messages.next()).contains("\"token\"");
        assertThat(messages.next()).contains("\"completed\"");
        socket.abort();
    }

    /** The client of the JDK sends a long message in many frames. */
    @Test
    void messageOfManyFramesThatIsTooLongIsClosedWithItsCode() throws Exception {
        WebSocket socket = connect();

        var unused = socket.sendText("a".repeat(600_000), true);

        assertThat(messages.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1009);
    }

    /** Head of a masked frame; status of the close that answers it. */
    @ParameterizedTest
    @CsvSource({
        "81 FF 00 00 00 00 00 09 27 C0, 1009",
        "82 FF 00 00 00 00 7F FF FF FF, 1009",
        "82 FF FF FF FF FF FF FF FF F2, 1002",
        "83 80, 1002",
        "89 FE 00 80, 1002"
    })
    void frameThatIsTooLongOrWrongIsAnsweredBeforeTheConnectionEnds(String head, int status) throws Exception {
        byte[] frame = HexFormat.ofDelimiter(" ").parseHex(head);
        try (RawClient client = new RawClient(address.getPort())) {
            client.write(RawClient.AGENT_SOCKET).readTo("\r\n\r\n");
            client.sendBytes(frame);
            assertClosed(client, status);
        }
        try (RawClient client = new RawClient(address.getPort())) {
            client.write(RawClient.AGENT_SOCKET + new String(frame, ISO_8859_1)).readTo("\r\n\r\n");
            assertClosed(client, status);
        }
    }

    /** A client may not send before it has the answer (RFC 6455, 4.1); one that does has its frame read all the same. */
    @Test
    void frameInOneWriteWithTheUpgradeIsRead() throws Exception {
        byte[] frame = HexFormat.of().parseHex("8182" + "00000000" + "7b7d");
        try (RawClient client = new RawClient(address.getPort())) {
            client.write(RawClient.AGENT_SOCKET + new String(frame, ISO_8859_1)).readTo("\r\n\r\n");
            assertThat(client.readTo("}")).contains("\"error\"", "input: missing");
        }
    }

    private static void assertClosed(RawClient client, int status) throws Exception {
        client.sendBytes(new byte[4096]);
        byte[] answer = client.readToEnd();
        assertThat(answer[0]).as("a close").isEqualTo((byte) 0x88);
        assertThat(answer).as("and nothing else").hasSize(2 + answer[1]);
        assertThat(((answer[2] & 0xFF) << 8) + (answer[3] & 0xFF)).isEqualTo(status);
    }

    @Test
    void secondInputDuringARunIsRefusedAndTheRunContinues() throws Exception {
        WebSocket socket = connect();
        send(socket, "hold");
        assertThat(messages.next()).contains("\"token\"");

        send(socket, "count to 2");

        assertError(409, "a run is under way on this connection (expected: one at a time); wait for its end");
        socket.abort();
    }

    @Test
    void closeStopsARunThatIsSilent() throws Exception {
        String input = "hold until the close";
        WebSocket socket = connect();
        send(socket, input);
        messages.next();

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(TestModel.cancels(input)).isOne());
    }

    @Test
    void connectionThatBreaksStopsARunThatSpeaks() throws Exception {
        String input = "count to 90000000004";
        WebSocket socket = connect();
        send(socket, input);
        messages.next();

        socket.abort();

        await().untilAsserted(() -> assertThat(TestModel.cancels(input)).isOne());
    }

    @Test
    void goodbyeInTheMiddleOfARunArrivesAndStopsIt() throws Exception {
        String input = "count to 90000000005";
        WebSocket socket = connect();
        send(socket, input);
        messages.next();

        for (WebSocketConnection connection : connections) {
            connection
                    .close(new CloseReason(1012, "{\"reason\":\"shutdown\"}"))
                    .await()
                    .atMost(Duration.ofSeconds(60));
        }

        assertThat(messages.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1012);
        await().untilAsserted(() -> assertThat(TestModel.cancels(input)).isOne());
    }

    private WebSocket connect() throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + address.getAuthority() + address.getPath()), messages)
                .get(60, TimeUnit.SECONDS);
    }

    private static void send(WebSocket socket, String input) throws Exception {
        socket.sendText(new JsonObject().put("input", input).encode(), true).get(60, TimeUnit.SECONDS);
    }

    private void assertError(int status, String detail) throws Exception {
        JsonObject error = new JsonObject(messages.next());
        assertThat(error.getString("type")).isEqualTo("error");
        assertThat(error.getInteger("status")).isEqualTo(status);
        assertThat(error.getString("detail")).startsWith(detail);
    }

    /** Records what the service logs from WARNING up. */
    private static final class Complaints extends Handler {
        final List<String> heard = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord complaint) {
            if (complaint.getLevel().intValue() >= Level.WARNING.intValue()) {
                heard.add(complaint.getLoggerName() + ": " + complaint.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

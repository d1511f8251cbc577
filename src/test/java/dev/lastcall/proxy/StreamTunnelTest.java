package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.message.ExtendedConnects;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets over HTTP/2 (RFC 8441) before an application that knows those of HTTP/1.1 alone. */
class StreamTunnelTest {
    private static final int REFUSED_STREAM = 7;
    private static final String HELLO = "\u0081\u0085\0\0\0\0hello";
    private static final String ECHO = "\u0081\u0005hello";
    private static final String CLOSE = "\u0088\u0082\0\0\0\0\u0003\u00e8";
    private static final String CLOSED = "\u0088\u0002\u0003\u00e8";
    private static final String GOODBYE = "\u0088(\u0003\u00f4{\"reason\":\"shutdown\",\"retryable\":true}";

    /** Everything that the application saw: the opening's head, then what its script says. */
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private String seen() throws InterruptedException {
        String next = seen.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    /** An application that accepts the WebSocket, and goes on as the script says. */
    private Upstream accepting(Upstream.Script then) {
        return new Upstream(client -> {
            String head = client.readTo("\r\n\r\n");
            seen.add(head);
            client.send(
                    "HTTP/1.1 101 Switching Protocols",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Accept: " + acceptOf(head),
                    "Sec-WebSocket-Protocol: chat",
                    "");
            then.run(client);
        });
    }

    private static String acceptOf(String head) {
        String key = head.replaceAll("(?is).*\r\nSec-WebSocket-Key: ([^\r]*)\r\n.*", "$1");
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void seeToEnd(RawClient client) throws IOException {
        try {
            seen.add(new String(client.readToEnd(), StandardCharsets.ISO_8859_1));
        } catch (SocketException reset) {
            seen.add("reset");
        }
    }

    private StreamClient opened(ServedSidecar sidecar) throws Exception {
        StreamClient client = new StreamClient(sidecar.port()).open(1, StreamClient.opening());
        assertThat(client.answer(1).status()).hasToString("200");
        seen();
        return client;
    }

    private static void awaitTotals(ServedSidecar sidecar, Totals totals) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(totals));
    }

    @Test
    void streamIsAWebSocketToTheApplicationAndEndsAsOne() throws Exception {
        try (Upstream application = accepting(socket -> {
                    seen.add(new String(socket.read(HELLO.length()), StandardCharsets.ISO_8859_1));
                    socket.write(ECHO);
                    seen.add(new String(socket.read(CLOSE.length()), StandardCharsets.ISO_8859_1));
                    socket.write(CLOSED);
                });
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = new StreamClient(sidecar.port())) {
            ByteBuffer settings = client.await(Http2Frames.SETTINGS).payload();
            boolean offered = false;
            while (settings.hasRemaining()) {
                int setting = settings.getShort();
                int value = settings.getInt();
                offered |= setting == ExtendedConnects.SETTING && value == 1;
            }
            assertThat(offered).isTrue();
            client.open(
                            1,
                            StreamClient.opening()
                                    .add("sec-websocket-protocol", "chat, other")
                                    .add("sec-websocket-extensions", "permessage-deflate")
                                    .add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                                    .add("origin", "https://a.example")
                                    .add("cookie", "a=1")
                                    .add("cookie", "b=2"))
                    .data(1, HELLO);
            assertThat(seen())
                    .startsWith("GET /socket?a=b HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nHost: a.example\r\n")
                    .containsIgnoringCase("\r\nConnection: Upgrade\r\n")
                    .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
                    .containsIgnoringCase("\r\nSec-WebSocket-Version: 13\r\n")
                    .containsIgnoringCase("\r\nSec-WebSocket-Protocol: chat, other\r\n")
                    .containsIgnoringCase("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n")
                    .containsIgnoringCase("\r\nOrigin: https://a.example\r\n")
                    .containsIgnoringCase("\r\nCookie: a=1; b=2\r\n")
                    .containsIgnoringCase("\r\nX-Forwarded-For: 127.0.0.1\r\n")
                    .doesNotContain("dGhlIHNhbXBsZSBub25jZQ==", "Content-Length", "protocol: websocket");
            Http2Headers answer = client.answer(1);
            assertThat(answer.status()).hasToString("200");
            assertThat(answer.get("sec-websocket-protocol")).hasToString("chat");
            assertThat(answer.names().stream().map(CharSequence::toString))
                    .doesNotContain("sec-websocket-accept", "upgrade", "connection", "content-length");
            assertThat(seen()).isEqualTo(HELLO);
            assertThat(client.read(1, ECHO.length())).isEqualTo(ECHO);
            assertThat(sidecar.inFlight.countByClass()).containsEntry(EntryClass.WEBSOCKET, 1L);
            client.data(1, CLOSE);
            assertThat(seen()).isEqualTo(CLOSE);
            assertThat(client.readToEnd(1)).isEqualTo(CLOSED);
            client.end(1);
            awaitTotals(sidecar, new Totals(1, 0, 0, 0, 0, 0));
            assertThat(client.untilPong()).doesNotContain(Http2Frames.RST_STREAM, Http2Frames.GOAWAY);
            assertThat(sidecar.inFlight.count()).isZero();
        }
    }

    @Test
    void endOfTheClientIsTheApplicationsAndOtherStreamsGoOn() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            client.open(3, StreamClient.opening());
            assertThat(client.answer(3).status()).hasToString("200");
            seen();
            client.data(1, HELLO).end(1);
            assertThat(seen()).isEqualTo(HELLO);
            assertThat(client.readToEnd(1)).isEmpty();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isEqualTo(1));
            client.data(3, HELLO + CLOSE).end(3);
            assertThat(seen()).isEqualTo(HELLO + CLOSE);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
        }
    }

    @Test
    void resetOfTheClientIsTheApplicationsAndItHasLeft() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            client.reset(1);
            assertThat(seen()).isEqualTo("reset");
            awaitTotals(sidecar, new Totals(0, 0, 0, 1, 0, 0));
            assertThat(client.untilPong()).doesNotContain(Http2Frames.RST_STREAM, Http2Frames.GOAWAY);
            client.open(3, StreamClient.opening());
            assertThat(client.answer(3).status()).hasToString("200");
        }
    }

    @Test
    void connectionThatBreaksEndsItsWebSockets() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port())) {
            try (StreamClient client = opened(sidecar)) {
                client.data(1, HELLO.substring(0, 8));
            }
            assertThat(seen()).isEqualTo(HELLO.substring(0, 8));
            awaitTotals(sidecar, new Totals(0, 0, 0, 1, 0, 0));
        }
    }

    @Test
    void resetOfTheApplicationIsTheClients() throws Exception {
        try (Upstream application = accepting(socket -> {
                    socket.write(ECHO);
                    socket.readTo("hello");
                    socket.resetOnClose();
                });
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            assertThat(client.read(1, ECHO.length())).isEqualTo(ECHO);
            client.data(1, HELLO);
            assertThat(client.resetOf(1)).isEqualTo(StreamClient.CANCEL);
            awaitTotals(sidecar, new Totals(1, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void inCancellingBothSidesGetACloseAndASilentClientIsReset() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            client.open(3, StreamClient.opening());
            assertThat(client.answer(3).status()).hasToString("200");
            seen();
            sidecar.enterDraining();
            sidecar.enterCancelling();
            Http2Frames.Frame first = client.await(Http2Frames.DATA);
            Http2Frames.Frame second = client.await(Http2Frames.DATA);
            assertThat(new String(first.payload().array(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(GOODBYE);
            assertThat(new String(second.payload().array(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(GOODBYE);
            client.data(1, CLOSE).end(1);
            assertThat(seen()).isEqualTo(CLOSE);
            assertThat(client.resetOf(3)).isEqualTo(StreamClient.CANCEL);
            assertThat(seen()).isEmpty();
            awaitTotals(sidecar, new Totals(2, 0, 0, 0, 0, 0));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
        }
    }

    @Test
    void frameThatCannotBeReadEndsBothSides() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            client.data(1, HELLO + "\u0082\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00f2\0\0\0\0");
            assertThat(client.readToEnd(1)).isEqualTo("\u0088\u0002\u0003\u00ea");
            assertThat(seen()).isEqualTo(HELLO + "\u0088\u0082\0\0\0\0\u0003\u00ea");
            client.end(1);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
        }
    }

    /** Its windows hold 65 535 bytes; what is behind them waits with the application. */
    @Test
    void whatTheClientsWindowHasNoRoomForWaitsAndArrivesBeforeTheEnd() throws Exception {
        int frames = 300;
        byte[] frame = new byte[4 + 60_000];
        frame[0] = (byte) 0x82;
        frame[1] = 126;
        frame[2] = (byte) (60_000 >> 8);
        frame[3] = (byte) (60_000 & 0xff);
        try (Upstream application = accepting(socket -> {
                    for (int i = 0; i < frames; i++) {
                        socket.sendBytes(frame);
                    }
                    seen.add("sent");
                    socket.write(CLOSED);
                });
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            assertThat(client.read(1, 65_535)).hasSize(65_535);
            assertThat(client.untilPong()).doesNotContain(Http2Frames.DATA);
            assertThat(seen).isEmpty();
            client.update(0, 65_535).update(1, 65_535);
            String rest = client.readToEnd(1);
            assertThat(rest)
                    .hasSize(frames * frame.length + CLOSED.length() - 65_535)
                    .endsWith(CLOSED);
            awaitTotals(sidecar, new Totals(1, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void clientThatTakesNothingForTheSendTimeoutIsReset() throws Exception {
        ProxySettings any = ServedSidecar.settings(1, Duration.ofMinutes(1), null, ServedSidecar.MAX_BODY);
        try (Upstream application = accepting(socket -> {
            socket.sendBytes(new byte[] {(byte) 0x82, 127, 0, 0, 0, 0, 0x7f, 0, 0, 0});
            while (true) {
                socket.sendBytes(new byte[60_000]);
            }
        })) {
            ProxySettings settings = new ProxySettings(
                    any.listen(),
                    new HostPort("127.0.0.1", application.port()),
                    any.protocol(),
                    any.tls(),
                    any.connectTimeout(),
                    any.idleTimeout(),
                    null,
                    Duration.ofMillis(800),
                    any.keepAlive(),
                    any.maxBody(),
                    any.maxStreams());
            try (ServedSidecar sidecar = new ServedSidecar(settings);
                    StreamClient client = opened(sidecar)) {
                assertThat(client.resetOf(1)).isEqualTo(StreamClient.CANCEL);
                awaitTotals(sidecar, new Totals(0, 0, 0, 1, 0, 0));
            }
        }
    }

    @Test
    void whatIsLeftAtTheDeadlineIsCut() throws Exception {
        String half = HELLO.substring(0, 8);
        try (Upstream application = accepting(socket -> {
                    seen.add(new String(socket.read(half.length()), StandardCharsets.ISO_8859_1));
                    seeToEnd(socket);
                });
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            // In the middle of a frame: no Close can come before its end.
            client.data(1, half);
            assertThat(seen()).isEqualTo(half);
            sidecar.enterDraining();
            sidecar.passTheDeadline();
            assertThat(client.resetOf(1)).isEqualTo(StreamClient.CANCEL);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
            assertThat(seen()).isIn("", "reset");
        }
    }

    @ParameterizedTest
    @CsvSource({"403 Forbidden, 403", "200 OK, 502", "204 No Content, 502", "101 Switching Protocols, 502"})
    void openingThatIsNotAcceptedIsAnAnswerLikeAnyOther(String said, String told) throws Exception {
        String head = said.startsWith("101")
                ? "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
                : said.startsWith("204") ? "" : "\r\nContent-Length: 2";
        try (Upstream application =
                        Upstream.answering("HTTP/1.1 " + said + head + "\r\n\r\n" + (head.endsWith("2") ? "no" : ""));
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = new StreamClient(sidecar.port())) {
            client.open(1, StreamClient.opening()).data(1, HELLO);
            assertThat(client.answer(1).status()).hasToString(told);
            String body = client.readToEnd(1);
            assertThat(body).isEqualTo(told.equals("403") ? "no" : body);
            // The client is to send no more (RFC 9113, 8.1).
            assertThat(client.resetOf(1)).isZero();
            awaitTotals(sidecar, new Totals(1, 0, 0, 0, 0, 0));
            client.open(3, StreamClient.head("GET").path("/"));
            client.end(3);
            client.answer(3);
        }
    }

    @Test
    void openingInDrainingIsRefused() throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = opened(sidecar)) {
            sidecar.enterDraining();
            client.await(Http2Frames.GOAWAY);
            client.await(Http2Frames.GOAWAY);
            // Above the last stream that the second one named.
            client.open(3, StreamClient.opening());
            assertThat(client.resetOf(3)).isEqualTo(REFUSED_STREAM);
            try (StreamClient late = new StreamClient(sidecar.port())) {
                late.open(1, StreamClient.opening());
                Http2Headers answer = late.answer(1);
                assertThat(answer.status()).hasToString("503");
                assertThat(answer.get("retry-after")).isNotNull();
                assertThat(late.resetOf(1)).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect-udp", "WebSocketX"})
    void unknownProtocolIsNotImplemented(String protocol) throws Exception {
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = new StreamClient(sidecar.port())) {
            client.open(1, StreamClient.head("CONNECT").add(":protocol", protocol));
            assertThat(client.answer(1).status()).hasToString("501");
            assertThat(client.resetOf(1)).isZero();
            assertThat(sidecar.inFlight.count()).isZero();
        }
    }

    @Test
    void protocolWithoutWhatBelongsToItIsAnErrorOfItsStream() throws Exception {
        Http2Headers pathless = StreamClient.opening();
        pathless.remove(":path");
        Http2Headers schemeless = StreamClient.opening();
        schemeless.remove(":scheme");
        Http2Headers get = StreamClient.head("GET").add(":protocol", "websocket");
        Http2Headers nameless = StreamClient.head("CONNECT").add(":protocol", "");
        Http2Headers plain = StreamClient.head("CONNECT");
        try (Upstream application = accepting(this::seeToEnd);
                ServedSidecar sidecar = new ServedSidecar(application.port());
                StreamClient client = new StreamClient(sidecar.port())) {
            int stream = 1;
            for (Http2Headers head : new Http2Headers[] {pathless, schemeless, get, plain, nameless}) {
                client.open(stream, head);
                assertThat(client.resetOf(stream)).isEqualTo(StreamClient.PROTOCOL_ERROR);
                stream += 2;
            }
            client.open(stream, StreamClient.opening());
            assertThat(client.answer(stream).status()).hasToString("200");
        }
    }

    /** It would have to be asked by HTTP/1.1. */
    @Test
    void notOfferedBeforeAnApplicationOfHttp2Alone() throws Exception {
        ProxySettings settings =
                ServedSidecar.settings(new HostPort("127.0.0.1", 1), UpstreamProtocol.HTTP2, ProxyTls.NONE);
        try (ServedSidecar sidecar = new ServedSidecar(settings);
                StreamClient client = new StreamClient(sidecar.port())) {
            ByteBuffer offered = client.await(Http2Frames.SETTINGS).payload();
            while (offered.hasRemaining()) {
                assertThat(offered.getShort()).isNotEqualTo((short) 8);
                offered.getInt();
            }
            client.open(1, StreamClient.opening());
            assertThat(client.resetOf(1)).isEqualTo(StreamClient.PROTOCOL_ERROR);
        }
    }
}

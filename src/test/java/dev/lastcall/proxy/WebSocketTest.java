package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import dev.lastcall.http.RawClient;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTest {
    private static final int LARGE = 5 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
    private final HttpServer upstream = await(vertx.createHttpServer(new HttpServerOptions()
                    .setWebSocketSubProtocols(List.of("chat"))
                    .setMaxWebSocketMessageSize(2 * LARGE)
                    .setPerMessageWebSocketCompressionSupported(true))
            .webSocketHandler(socket -> {
                socket.textMessageHandler(bye -> socket.close((short) 4000, "enough"));
                socket.binaryMessageHandler(socket::writeBinaryMessage);
                socket.closeHandler(end -> closes.add(socket.closeStatusCode() + " " + socket.closeReason()));
            })
            .requestHandler(request -> request.response().setStatusCode(403).end("no socket here"))
            .listen(0, "127.0.0.1"));
    private final ServedSidecar sidecar = new ServedSidecar(upstream.actualPort());

    @AfterEach
    void close() {
        sidecar.close();
        await(vertx.close());
    }

    private WebSocket connect(String path) {
        var options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(sidecar.port())
                .setURI(path)
                .addSubProtocol("chat");
        var client = vertx.createWebSocketClient(new io.vertx.core.http.WebSocketClientOptions()
                .setTryUsePerMessageCompression(true)
                .setMaxMessageSize(2 * LARGE));
        return await(client.connect(options));
    }

    private static CompletableFuture<String> closeOf(WebSocket socket) {
        CompletableFuture<String> closed = new CompletableFuture<>();
        socket.closeHandler(end -> closed.complete(socket.closeStatusCode() + " " + socket.closeReason()));
        return closed;
    }

    private RawClient rawSocket() throws IOException {
        RawClient client = sidecar.client();
        client.send(
                "GET / HTTP/1.1",
                "Host: a",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "");
        assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return client;
    }

    private void awaitTotals(Totals totals) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(totals));
    }

    @Test
    void messagesPassWithWhatBothEndsAgreedOn() throws Exception {
        WebSocket socket = connect("/");
        assertThat(socket.subProtocol()).isEqualTo("chat");
        byte[] large = new byte[LARGE];
        Arrays.fill(large, (byte) 7);
        CompletableFuture<Buffer> echo = new CompletableFuture<>();
        Buffer all = Buffer.buffer();
        socket.handler(part -> {
            if (all.appendBuffer(part).length() >= LARGE) {
                echo.complete(all);
            }
        });
        socket.writeBinaryMessage(Buffer.buffer(large));
        assertThat(echo.get(60, TimeUnit.SECONDS).getBytes()).isEqualTo(large);
        assertThat(sidecar.inFlight.countByClass()).containsEntry(EntryClass.WEBSOCKET, 1L);
        await(socket.close());
        assertThat(closes.poll(60, TimeUnit.SECONDS)).startsWith("1000");
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
    }

    @Test
    void applicationsCloseIsTheClients() throws Exception {
        WebSocket socket = connect("/");
        CompletableFuture<String> closed = closeOf(socket);
        socket.writeTextMessage("bye");
        assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo("4000 enough");
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
    }

    @Test
    void clientThatVanishesHasLeft() throws Exception {
        try (RawClient client = rawSocket()) {
            sidecar.enterDraining();
            assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINING);
            client.sendBytes(new byte[] {(byte) 0x81});
        }
        awaitTotals(new Totals(0, 0, 0, 1, 0, 0));
    }

    @Test
    void inCancellingBothSidesGetAClose() throws Exception {
        CompletableFuture<String> closed = closeOf(connect("/"));
        sidecar.enterDraining();
        sidecar.enterCancelling();
        assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo("1012 {\"reason\":\"shutdown\",\"retryable\":true}");
        assertThat(closes.poll(60, TimeUnit.SECONDS)).startsWith("1012");
        awaitTotals(new Totals(1, 0, 0, 0, 0, 0));
        Awaitility.await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
    }

    /** For one second: on a busy machine it may be over before the rest of the frame comes, and then it is tried again. */
    @Test
    void closeWaitsForTheFrameUnderWay() throws Exception {
        String rest = "";
        for (int i = 0; i < 20 && rest.isEmpty(); i++) {
            rest = restOfTheFrameUnderWay();
        }
        assertThat(rest)
                .startsWith("defghij\u0088")
                .endsWith("\"retryable\":true}")
                .doesNotContain("Z");
    }

    /** Returns the rest of the frame and the bytes behind it; empty where the second was over. */
    private static String restOfTheFrameUnderWay() throws Exception {
        BlockingQueue<String> next = new LinkedBlockingQueue<>();
        try (Upstream raw = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket", "");
                    client.sendBytes(new byte[] {(byte) 0x81, 10, 'a', 'b', 'c'});
                    next.take();
                    client.sendBytes("defghij\u0081\u0001Z".getBytes(StandardCharsets.ISO_8859_1));
                    client.readToEnd();
                });
                ServedSidecar own = new ServedSidecar(raw.port());
                RawClient client = own.client()) {
            client.send("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
            client.readTo("abc");
            own.enterDraining();
            own.enterCancelling();
            own.awaitEventLoops();
            next.add("go on");
            return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void silentClientIsCutASecondLater() throws Exception {
        try (RawClient client = rawSocket()) {
            sidecar.enterDraining();
            sidecar.enterCancelling();
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .contains("retryable");
            awaitTotals(new Totals(1, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void upgradeThatIsDeclinedIsAnAnswerLikeAnyOther() throws Exception {
        try (Upstream plain = Upstream.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                ServedSidecar own = new ServedSidecar(plain.port());
                RawClient client = own.client()) {
            client.send("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 403").endsWith("no");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(own.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 403");
        }
    }

    private static final String ACCEPT =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    /** A length with its top bit set. */
    private static final String BROKEN = "\u0082\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00f2\0\0\0\0";

    private static RawClient upgraded(ServedSidecar through) throws IOException {
        RawClient client = through.client();
        client.send("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "");
        assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
        return client;
    }

    @Test
    void frameOfAClientThatCannotBeReadEndsBothSides() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Upstream raw = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.write(ACCEPT);
                    seen.add(new String(client.readToEnd(), StandardCharsets.ISO_8859_1));
                });
                ServedSidecar own = new ServedSidecar(raw.port());
                RawClient client = upgraded(own);
                RawClient other = upgraded(own)) {
            client.write("\u0081\u0081\0\0\0\0a" + BROKEN.substring(0, 5));
            client.write(BROKEN.substring(5) + "whatever");
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("\u0088\u0002\u0003\u00ea");
            assertThat(seen.poll(10, TimeUnit.SECONDS))
                    .isEqualTo("\u0081\u0081\0\0\0\0a" + "\u0088\u0082\0\0\0\0\u0003\u00ea");
            other.write("\u0081\u0081\0\0\0\0b");
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
    }

    @Test
    void frameOfTheApplicationThatCannotBeReadEndsBothSides() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Upstream raw = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.write(
                            ACCEPT + "\u0081\u0001a" + "\u0082\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u009c");
                    seen.add(new String(client.readToEnd(), StandardCharsets.ISO_8859_1));
                });
                ServedSidecar own = new ServedSidecar(raw.port());
                RawClient client = upgraded(own)) {
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("\u0081\u0001a" + "\u0088\u0002\u0003\u00ea");
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("\u0088\u0082\0\0\0\0\u0003\u00ea");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(own.inFlight.count()).isZero());
        }
    }

    @Test
    void whatTheApplicationSaidBeforeItClosedArrives() throws Exception {
        byte[] frame = new byte[4 + 60_000];
        frame[0] = (byte) 0x82;
        frame[1] = 126;
        frame[2] = (byte) (60_000 >> 8);
        frame[3] = (byte) (60_000 & 0xff);
        for (int round = 0; round < 3; round++) {
            try (Upstream raw = new Upstream(client -> {
                        client.readTo("\r\n\r\n");
                        client.write(ACCEPT);
                        client.readTo("\u0089\u0080\0\0\0\0");
                        for (int i = 0; i < 100; i++) {
                            client.sendBytes(frame);
                        }
                        client.write("\u0088\u0002\u0003\u00e8");
                    });
                    ServedSidecar own = new ServedSidecar(raw.port());
                    RawClient client = upgraded(own)) {
                client.write("\u0089\u0080\0\0\0\0");
                TimeUnit.SECONDS.sleep(1);
                byte[] all = client.readToEnd();
                assertThat(all).hasSize(100 * frame.length + 4).endsWith(0x88, 2, 3, 0xe8);
                Awaitility.await()
                        .untilAsserted(() -> assertThat(own.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
            }
        }
    }
}

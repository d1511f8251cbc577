package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import dev.lastcall.testing.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with clients, and TLS again with the application. */
class TlsTest {
    private static final int LARGE = 8 << 20;
    private static final TestCertificate FIRST = TestCertificate.ofLocalhost();

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
    private final HttpServer upstream = await(vertx.createHttpServer(new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(FIRST.shown())
                    .setUseAlpn(true))
            .webSocketHandler(socket -> socket.textMessageHandler(text -> {
                if (text.equals("pour")) {
                    for (int i = 0; i < 100; i++) {
                        socket.writeBinaryMessage(Buffer.buffer(new byte[60_000]));
                    }
                    socket.close((short) 4000, "enough");
                } else {
                    socket.writeTextMessage(text);
                }
            }))
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1"));
    private final TestTls tls = new TestTls(FIRST);
    private final ServedSidecar sidecar = new ServedSidecar(
            ServedSidecar.settings(
                    new HostPort("localhost", upstream.actualPort()),
                    UpstreamProtocol.HTTP1,
                    new ProxyTls(tls, true, tls)),
            Duration.ofSeconds(30));

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/head" -> request.response().end(request.version() + " " + request.headers());
            case "/held" -> held.add(request);
            case "/large" -> request.response().end(Buffer.buffer(new byte[LARGE]));
            default -> request.body().onSuccess(body -> request.response().end("read " + body.length()));
        }
    }

    @AfterEach
    void close() {
        sidecar.close();
        await(vertx.close());
    }

    private HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(FIRST.context())
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + sidecar.port() + path));
    }

    private SSLSocket connect(TestCertificate trusted) throws IOException {
        return connect(trusted.context());
    }

    private SSLSocket connect(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", sidecar.port());
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_2", "HTTP_1_1"})
    void protocolIsChosenByAlpnAndTheApplicationLearnsOfTls(HttpClient.Version version) throws Exception {
        HttpClient client = client(version);
        HttpResponse<String> answer = client.send(request("/head").build(), BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body().toLowerCase(java.util.Locale.ROOT))
                .startsWith("http_1_1")
                .contains("x-forwarded-proto=https");
        HttpResponse<byte[]> large = client.send(request("/large").build(), BodyHandlers.ofByteArray());
        assertThat(large.body()).hasSize(LARGE);
        HttpRequest upload = request("/upload")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[LARGE]))
                .build();
        assertThat(client.send(upload, BodyHandlers.ofString()).body()).isEqualTo("read " + LARGE);
    }

    /** Step one of the GOAWAY, and step two, with the JDK's own client. */
    @Test
    void drainLetsOpenStreamsOfTheJdksClientEnd() throws Exception {
        HttpClient client = client(HttpClient.Version.HTTP_2);
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("/held").build(), BodyHandlers.ofString());
        HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        sidecar.enterLameDuck();
        sidecar.awaitEventLoops();
        assertThat(client.send(request("/head").build(), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        sidecar.time.advance(Duration.ofSeconds(10));
        sidecar.awaitEventLoops();
        vertx.runOnContext(now -> asked.response().end("late"));
        assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("late");
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(sidecar.inFlight.totals().served()).isEqualTo(2));
    }

    @Test
    void answerUnderWayInTheDrainIsReadWholeAndEndsWithACloseNotify() throws Exception {
        try (RawClient client = new RawClient(connect(FIRST))) {
            client.get("/held");
            HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
            assertThat(asked).isNotNull();
            sidecar.enterDraining();
            vertx.runOnContext(now -> asked.response().end("late"));
            // Without a close_notify this would throw.
            assertThat(new String(client.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("late");
        }
    }

    @Test
    void answerThatIsCutHasNoProperEnd() throws Exception {
        try (RawClient client = new RawClient(connect(FIRST))) {
            client.send("GET /held HTTP/1.0", "");
            HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
            assertThat(asked).isNotNull();
            vertx.runOnContext(now -> asked.response().setChunked(true).write("half"));
            client.readTo("half");
            sidecar.enterDraining();
            sidecar.passTheDeadline();
            assertThatThrownBy(client::readToEnd).isInstanceOfAny(SSLException.class, SocketException.class);
        }
    }

    @Test
    void webSocketPassesAndIsEndedByTheDrain() throws Exception {
        WebSocket socket =
                await(vertx.createWebSocketClient(new WebSocketClientOptions().setTrustOptions(FIRST.trusted()))
                        .connect(new WebSocketConnectOptions()
                                .setSsl(true)
                                .setHost("localhost")
                                .setPort(sidecar.port())
                                .setURI("/")));
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        CompletableFuture<String> closed = new CompletableFuture<>();
        socket.textMessageHandler(texts::add);
        socket.closeHandler(end -> closed.complete(socket.closeStatusCode() + " " + socket.closeReason()));
        await(socket.writeTextMessage("hello"));
        assertThat(texts.poll(60, TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(sidecar.inFlight.countByClass()).containsEntry(EntryClass.WEBSOCKET, 1L);
        sidecar.enterDraining();
        sidecar.enterCancelling();
        assertThat(closed.get(60, TimeUnit.SECONDS)).startsWith("1012 {\"reason\":\"shutdown\"");
    }

    @Test
    void everythingBeforeTheApplicationsCloseArrivesAtASlowReader() throws Exception {
        try (RawClient client = new RawClient(connect(FIRST))) {
            client.send(
                    "GET / HTTP/1.1",
                    "Host: a",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
            client.sendBytes(new byte[] {(byte) 0x81, (byte) 0x84, 0, 0, 0, 0, 'p', 'o', 'u', 'r'});
            Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            byte[] frames = client.read(100 * 60_004);
            assertThat(frames[0]).isEqualTo((byte) 0x82);
            byte[] close = client.read(2);
            assertThat(close[0]).isEqualTo((byte) 0x88);
        }
    }

    @Test
    void renewedCertificateIsShownToNewConnectionsAndOpenOnesStay() throws Exception {
        TestCertificate second = TestCertificate.ofLocalhost();
        HttpClient http2 = client(HttpClient.Version.HTTP_2);
        CompletableFuture<HttpResponse<String>> answer =
                http2.sendAsync(request("/held").build(), BodyHandlers.ofString());
        HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        try (RawClient open = new RawClient(connect(FIRST))) {
            assertThat(open.get("/upload").readAnswer()).endsWith("read 0");
            io.vertx.core.Future<Boolean> renewed = sidecar.served().renewServer(new TestTls(second).getSSLOptions());
            // Whoever comes meanwhile is shown one or the other.
            do {
                try (RawClient meanwhile = new RawClient(connect(TestCertificate.trusting(FIRST, second)))) {
                    assertThat(meanwhile.get("/upload").readAnswer()).endsWith("read 0");
                }
            } while (!renewed.isComplete());
            assertThat(await(renewed)).isTrue();
            try (RawClient fresh = new RawClient(connect(second))) {
                assertThat(fresh.get("/upload").readAnswer()).endsWith("read 0");
            }
            assertThatThrownBy(() -> connect(FIRST)).isInstanceOf(SSLHandshakeException.class);
            HttpClient fresh =
                    HttpClient.newBuilder().sslContext(second.context()).build();
            assertThat(fresh.send(request("/head").build(), BodyHandlers.ofString())
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(open.get("/upload").readAnswer()).endsWith("read 0");
        }
        vertx.runOnContext(now -> asked.response().end("late"));
        assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("late");
    }

    @Test
    void plainRequestAndSilenceAreEndedAndHalfAHeadIsAnswered() throws Exception {
        try (ServedSidecar hurried = new ServedSidecar(
                ServedSidecar.settings(
                        new HostPort("localhost", upstream.actualPort()),
                        UpstreamProtocol.HTTP1,
                        new ProxyTls(tls, true, tls)),
                Duration.ofSeconds(1))) {
            try (RawClient plain = new RawClient(hurried.port())) {
                plain.get("/head");
                assertThat(new String(plain.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("HTTP/1.1 200");
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
            try (RawClient silent = new RawClient(hurried.port())) {
                assertThat(silent.readToEnd().length).isLessThan(100);
            }
            SSLSocket idle = (SSLSocket) FIRST.context().getSocketFactory().createSocket("localhost", hurried.port());
            try (RawClient shaken = new RawClient(idle)) {
                idle.startHandshake();
                assertThat(shaken.readToEnd()).isEmpty();
            }
            SSLSocket half = (SSLSocket) FIRST.context().getSocketFactory().createSocket("localhost", hurried.port());
            try (RawClient begun = new RawClient(half)) {
                begun.write("GET /head HTTP/1.1\r\n");
                assertThat(begun.readAnswer()).startsWith("HTTP/1.1 408");
            }
        }
    }
}

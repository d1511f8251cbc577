package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import dev.lastcall.testing.Answers;
import dev.lastcall.testing.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An application that is spoken to by TLS, and those that should not be. */
class TlsUpstreamTest {
    private static final TestCertificate CERTIFICATE = TestCertificate.ofLocalhost();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private int serve(TestCertificate shown, List<HttpVersion> offered) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(shown.shown())
                .setUseAlpn(true)
                .setAlpnVersions(offered));
        return await(server.requestHandler(TlsUpstreamTest::answer).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            request.response().putTrailer("grpc-status", "0").putHeader("content-type", "application/grpc");
            request.response().end(request.version() + " " + request.scheme() + " " + body.length());
        });
    }

    private static ServedSidecar before(String host, int port, UpstreamProtocol protocol) {
        TestTls trusted = new TestTls(CERTIFICATE);
        return new ServedSidecar(
                ServedSidecar.settings(new HostPort(host, port), protocol, new ProxyTls(null, true, trusted)));
    }

    private static String get(ServedSidecar sidecar) throws IOException {
        try (RawClient client = sidecar.client()) {
            return client.get("/").readAnswer();
        }
    }

    private String grpc(ServedSidecar sidecar) {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientRequest call = await(client.request(HttpMethod.POST, sidecar.port(), "localhost", "/a.B/C"))
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers");
        var answer = Answers.text(call);
        call.end(Buffer.buffer("abc"));
        return await(answer);
    }

    @Test
    void protocolIsChosenByAlpn() throws Exception {
        int both = serve(CERTIFICATE, List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        try (ServedSidecar sidecar = before("localhost", both, UpstreamProtocol.AUTO)) {
            assertThat(get(sidecar)).contains("HTTP_1_1 https 0");
            assertThat(grpc(sidecar)).startsWith("200 HTTP_2 https 3");
        }
        try (ServedSidecar sidecar = before("127.0.0.1", both, UpstreamProtocol.HTTP2)) {
            assertThat(get(sidecar)).contains("HTTP_2 https 0");
        }
    }

    @Test
    void applicationWithoutHttp2IsNamedWhereItIsNeeded() throws Exception {
        int old = serve(CERTIFICATE, List.of(HttpVersion.HTTP_1_1));
        try (ServedSidecar sidecar = before("localhost", old, UpstreamProtocol.AUTO)) {
            assertThat(get(sidecar)).contains("HTTP_1_1 https 0");
            assertThat(grpc(sidecar)).startsWith("502 ").contains("no TLS connection to the application");
        }
    }

    @Test
    void applicationThatIsNotTrustedGetsNothing() throws Exception {
        List<HttpVersion> http1 = List.of(HttpVersion.HTTP_1_1);
        try (ServedSidecar sidecar =
                before("localhost", serve(TestCertificate.ofLocalhost(), http1), UpstreamProtocol.HTTP1)) {
            assertThat(get(sidecar)).startsWith("HTTP/1.1 502").contains("no TLS connection", "\"retryable\":true");
        }
        // Trusted, and for another name.
        TestCertificate other = TestCertificate.of("other.example");
        ProxyTls trusting = new ProxyTls(null, true, new TestTls(other));
        try (ServedSidecar sidecar = new ServedSidecar(ServedSidecar.settings(
                new HostPort("localhost", serve(other, http1)), UpstreamProtocol.HTTP1, trusting))) {
            assertThat(get(sidecar)).startsWith("HTTP/1.1 502").contains("no TLS connection", "localhost");
        }
    }

    @Test
    void applicationWithoutTlsIsNamed() throws Exception {
        try (Upstream plain = new Upstream(client -> {
                    client.read(5);
                    client.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                });
                ServedSidecar sidecar = before("localhost", plain.port(), UpstreamProtocol.HTTP1)) {
            assertThat(get(sidecar)).startsWith("HTTP/1.1 502").contains("does not speak TLS");
        }
    }

    /** An answer that only the connection's end ends is whole with a close_notify alone. */
    @Test
    void endThatAnybodyMayHaveMadeBreaksTheAnswerOff() throws Exception {
        SSLContext context = CERTIFICATE.serverContext();
        try (ServerSocket server = new ServerSocket(0);
                ServedSidecar sidecar = before("localhost", server.getLocalPort(), UpstreamProtocol.HTTP1)) {
            for (boolean proper : new boolean[] {true, false}) {
                Thread application = new Thread(() -> speak(server, context, proper));
                application.start();
                try (RawClient client = sidecar.client()) {
                    client.get("/");
                    if (proper) {
                        assertThat(client.readTo("0\r\n\r\n")).contains("half");
                    } else {
                        assertThatThrownBy(() -> client.readTo("0\r\n\r\n"))
                                .isInstanceOfAny(AssertionError.class, SocketException.class);
                    }
                }
                application.join();
            }
        }
    }

    private static void speak(ServerSocket server, SSLContext context, boolean proper) {
        try (Socket below = server.accept();
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(below, null, false)) {
            socket.setUseClientMode(false);
            RawClient client = new RawClient(socket);
            client.readTo("\r\n\r\n");
            client.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
            if (proper) {
                socket.shutdownOutput();
                client.readToEnd();
            } else {
                below.shutdownOutput();
                below.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that say too much, too early, or oddly: nobody gets another's answer, and what was sent arrives. */
class ApplicationMannersTest {
    private static final int UPLOAD = 50 << 20;
    private static final String POISON = "HTTP/1.1 302 Found\r\nSet-Cookie: stranger=1\r\nContent-Length: 0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 2||ok" + "too long",
                "HTTP/1.1 200 OK|Content-Length: 2||ok" + "HTTP/1.1 302 Fou",
                "HTTP/1.1 204 No Content||a body",
                "HTTP/1.1 304 Not Modified|Content-Length: 6||a body",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|0||more"
            })
    void connectionWithAnythingUnaskedOnItIsNotUsedAgain(String answer) throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    if (client.readTo("\r\n\r\n").contains("/first")) {
                        client.write(answer.replace("|", "\r\n"));
                        client.readTo("\r\n\r\n");
                        client.write(POISON);
                    } else {
                        client.send("HTTP/1.1 200 OK", "Content-Length: 4", "").write("mine");
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient first = sidecar.client();
                RawClient second = sidecar.client()) {
            first.get("/first").readTo("\r\n\r\n");
            assertThat(second.get("/").readAnswer()).startsWith("HTTP/1.1 200").endsWith("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerToAHeadHasNoBody(boolean late) throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    if (client.readTo("\r\n\r\n").startsWith("HEAD")) {
                        client.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + (late ? "" : "body"));
                        client.readTo("\r\n\r\n");
                        client.write((late ? "body" : "") + POISON);
                    } else {
                        client.send("HTTP/1.1 200 OK", "Content-Length: 4", "").write("mine");
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("HEAD / HTTP/1.1", "Host: a", "");
            assertThat(client.readTo("\r\n\r\n")).containsIgnoringCase("content-length: 4");
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 200").endsWith("mine");
        }
    }

    @Test
    void whatComesLaterOnAnIdleConnectionClosesIt() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Content-Length: 4", "").write("mine");
                    TimeUnit.MILLISECONDS.sleep(300);
                    client.write("HTTP/1.1 302 Found\r\nSet-Co");
                    client.readToEnd();
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).endsWith("mine");
            TimeUnit.MILLISECONDS.sleep(1500);
            assertThat(client.get("/").readAnswer()).endsWith("mine");
            assertThat(upstream.connections).hasValue(2);
        }
    }

    @Test
    void earlyAnswerToAnUploadArrives() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Upstream upstream = new Upstream(client -> {
                        client.readTo("\r\n\r\n");
                        client.send("HTTP/1.1 413 Content Too Large", "Content-Length: 3", "Connection: close", "")
                                .write("big");
                    });
                    ServedSidecar sidecar = new ServedSidecar(upstream.port());
                    RawClient client = sidecar.client()) {
                client.send("POST / HTTP/1.1", "Host: a", "Content-Length: " + UPLOAD, "");
                Thread sender = new Thread(() -> {
                    try {
                        for (int sent = 0; sent < UPLOAD; sent += 1 << 16) {
                            client.sendBytes(new byte[1 << 16]);
                        }
                    } catch (IOException e) {
                        // The answer has come before.
                    }
                });
                sender.start();
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 413").endsWith("big");
                // The rest is read to nowhere until the client has gone.
                sender.join();
            }
        }
    }

    @Test
    void largeAnswerOfAnApplicationThatClosesArrives() throws Exception {
        int length = 8 << 20;
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Connection: close", "").sendBytes(new byte[length]);
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("GET / HTTP/1.0", "Host: a", "");
            TimeUnit.SECONDS.sleep(1);
            String head = client.readTo("\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.0 200");
            assertThat(client.readToEnd()).hasSize(length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip||",
                "HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 3||ok",
                "HTTP/1.1 200 OK|Content-Length: -2||ok",
                "HTTP/1.1 200 OK|Content-Length: 99999999999999999999||ok",
                "HTTP/1.1 200 OK|X Y: 1|Content-Length: 2||ok",
                "HTTP/1.1 200 OK|: 1|Content-Length: 2||ok",
                "HTTP/1.1 2000 OK|Content-Length: 2||ok",
                "HTTP/1.1 20 OK|Content-Length: 2||ok",
                "HTTP/2.0 200 OK|Content-Length: 2||ok"
            })
    void oddAnswerIs502(String answer) throws Exception {
        try (Upstream upstream = Upstream.answering(answer.replace("|", "\r\n"));
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 502");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 2|Content-Length: 2||ok",
                "HTTP/1.1 200 OK|Content-Length : 2||ok",
                "HTTP/1.2 200 OK|Content-Length: 2||ok"
            })
    void answerThatLeavesNoDoubtPasses(String answer) throws Exception {
        try (Upstream upstream = Upstream.answering(answer.replace("|", "\r\n"));
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer())
                    .startsWith("HTTP/1.1 200")
                    .containsOnlyOnce("ontent-")
                    .endsWith("ok");
        }
    }

    @Test
    void everyAddressOfANameIsTried() throws Exception {
        try (ServerSocket application = new ServerSocket()) {
            application.bind(new InetSocketAddress(InetAddress.getAllByName("::1")[0], 0));
            Thread server = new Thread(() -> {
                try (Socket socket = application.accept();
                        RawClient client = new RawClient(socket)) {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Content-Length: 3", "").write("six");
                    client.readToEnd();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            server.start();
            ProxySettings any = ServedSidecar.settings(0, Duration.ofMinutes(1), null, 100);
            ProxySettings settings = new ProxySettings(
                    any.listen(),
                    new HostPort("localhost", application.getLocalPort()),
                    UpstreamProtocol.HTTP1,
                    ProxyTls.NONE,
                    any.connectTimeout(),
                    any.idleTimeout(),
                    null,
                    any.sendTimeout(),
                    any.keepAlive(),
                    any.maxBody(),
                    any.maxStreams());
            try (ServedSidecar sidecar = new ServedSidecar(settings);
                    RawClient client = sidecar.client()) {
                assertThat(client.get("/").readAnswer()).endsWith("six");
            }
            server.join();
        }
    }

    @Test
    void interimAnswersPass() throws Exception {
        String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
        try (Upstream upstream = Upstream.answering("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Odd\r\nX-A: b\r\n\r\n"
                        + hints
                        + hints
                        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            for (int i = 0; i < 2; i++) {
                client.get("/");
                assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 102");
                assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 199").contains("X-A: b");
                assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 103").contains("rel=preload");
                assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 103");
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("ok");
            }
            client.send("GET / HTTP/1.0", "Host: a", "");
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.0 200");
        }
    }
}

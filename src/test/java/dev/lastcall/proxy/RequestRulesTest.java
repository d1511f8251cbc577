package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that are refused, those that are not, and what the application sees of them. */
class RequestRulesTest {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final Upstream upstream = new Upstream(client -> {
        while (true) {
            String head = client.readTo("\r\n\r\n");
            seen.add(head);
            if (head.contains("GET /socket")) {
                client.send("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket", "");
            } else {
                client.send("HTTP/1.1 200 OK", "Content-Length: 2", "").write("ok");
            }
        }
    });
    private final ServedSidecar sidecar = new ServedSidecar(upstream.port());

    @AfterEach
    void close() {
        sidecar.close();
        upstream.close();
    }

    private String asked() throws InterruptedException {
        String head = seen.poll(10, TimeUnit.SECONDS);
        assertThat(head).isNotNull();
        return head;
    }

    private String answerTo(String request) throws Exception {
        try (RawClient client = sidecar.client()) {
            return client.write(request.replace("|", "\r\n")).readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1|Host: a|: x||",
                "POST / HTTP/1.0|Content-Length: 2|Content-Length: 3||abc",
                " GET / HTTP/1.1|Host: a||",
                "\u0000GET / HTTP/1.1|Host: a||",
                "|\u0001GET / HTTP/1.1|Host: a||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|| 5|hello|0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||5\u000b|hello|0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||5|hello|\t0||",
                "GET http://u:p@a/ HTTP/1.1|Host: a||",
                "GET http:///x HTTP/1.1|Host: a||",
                "GET http://:80/x HTTP/1.1|Host: a||",
                "GET / HTTP/1.1|Host: ||",
                "GET * HTTP/1.1|Host: a||",
                "GET / HTTP/1.x|Host: a||"
            })
    void isRefused(String request) throws Exception {
        try (RawClient client = sidecar.client()) {
            client.write(request.replace("|", "\r\n") + Ambiguous.BEHIND);
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .containsPattern("^HTTP/1\\.[01] 400 ")
                    .doesNotContain("200 OK");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.2|Host: a||",
                "GET / HTTP/1.9|Host: a||",
                "||GET / HTTP/1.1|Host: a||",
                "GET / HTTP/1.1|Host: my_app:80||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked||5;x=y|hello|00||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: CHUNKED||A|0123456789|0|X: y||",
                "OPTIONS * HTTP/1.1|Host: a||"
            })
    void isAccepted(String request) throws Exception {
        assertThat(answerTo(request)).startsWith("HTTP/1.1 200").endsWith("ok");
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/2.0|Host: a||, 505",
        "GET / HTTP/3.1|Host: a||, 505",
        "POST / HTTP/1.1|Host: a|Expect: 200-ok|Content-Length: 2||ab, 417",
        "TRACE / HTTP/1.1|Host: a|Max-Forwards: 0||, 405",
        "OPTIONS / HTTP/1.1|Host: a|Max-Forwards: 0||, 200"
    })
    void isAnsweredHere(String request, int status) throws Exception {
        assertThat(answerTo(request)).containsPattern("^HTTP/1\\.[01] " + status + " ");
        assertThat(seen).isEmpty();
    }

    @Test
    void forwardsAreCountedDown() throws Exception {
        answerTo("OPTIONS / HTTP/1.1|Host: a|Max-Forwards: 5||");
        assertThat(asked()).containsIgnoringCase("max-forwards: 4");
        answerTo("GET / HTTP/1.1|Host: a|Max-Forwards: 0||");
        assertThat(asked()).containsIgnoringCase("max-forwards: 0");
    }

    @Test
    void upgradeToHttp2IsIgnored() throws Exception {
        String upgrade = "POST /up HTTP/1.1|Host: a|Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|"
                + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA|Content-Length: 5||hello";
        assertThat(answerTo(upgrade)).startsWith("HTTP/1.1 200").endsWith("ok");
        assertThat(asked())
                .startsWith("POST /up HTTP/1.1")
                .containsIgnoringCase("content-length: 5")
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings");
    }

    @Test
    void upgradeWithoutConnectionIsNone() throws Exception {
        assertThat(answerTo("GET /plain HTTP/1.1|Host: a|Upgrade: websocket||")).startsWith("HTTP/1.1 200");
        assertThat(asked()).doesNotContainIgnoringCase("upgrade");
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
    }

    @Test
    void webSocketMayBeOneOfSeveral() throws Exception {
        String request = "GET /socket HTTP/1.1|Host: a|Connection: keep-alive, Upgrade|Upgrade: websocket, foo||";
        assertThat(answerTo(request)).startsWith("HTTP/1.1 101");
        assertThat(asked()).containsIgnoringCase("upgrade: websocket\r\n");
    }

    @Test
    void olderFormOfForwardingIsContinuedAlone() throws Exception {
        answerTo("GET / HTTP/1.1|Host: a|X-Forwarded-Proto: https|X-Forwarded-For: 203.0.113.9||");
        assertThat(asked())
                .containsIgnoringCase("x-forwarded-for: 203.0.113.9, 127.0.0.1")
                .containsIgnoringCase("x-forwarded-proto: https")
                .doesNotContainIgnoringCase("\r\nforwarded:");
    }

    @Test
    void newerFormOfForwardingIsContinuedAlone() throws Exception {
        answerTo("GET / HTTP/1.1|Host: a|Forwarded: for=203.0.113.9;proto=https||");
        assertThat(asked())
                .containsIgnoringCase("\r\nforwarded: for=203.0.113.9;proto=https, for=127.0.0.1;host=a;proto=http")
                .doesNotContainIgnoringCase("x-forwarded");
    }
}

package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Totals;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.testing.FreePort;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that is down, slow, dies or talks nonsense: its client always gets an answer, or the end of one that was begun. */
class UpstreamFailureTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    /** Long enough for what comes first to come, on a busy machine too. */
    private static final Duration AMPLE = Duration.ofSeconds(3);

    private static void assertEndsOnce(ServedSidecar sidecar) {
        await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
        assertThat(sidecar.inFlight.count()).isZero();
    }

    @Test
    void downIs502AndMayBeTriedAgain() throws Exception {
        try (ServedSidecar sidecar = new ServedSidecar(FreePort.next());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer())
                    .startsWith("HTTP/1.1 502 Bad Gateway")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .contains("\"retryable\":true");
            assertEndsOnce(sidecar);
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 502");
        }
    }

    @Test
    void silentIs504() throws Exception {
        ProxySettings hasty = ServedSidecar.settings(0, SHORT, null, 1000);
        try (Upstream upstream = new Upstream(RawClient::readToEnd);
                ServedSidecar sidecar =
                        new ServedSidecar(ServedSidecar.settings(upstream.port(), hasty.idleTimeout(), null, 1000));
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 504 Gateway Timeout");
            assertEndsOnce(sidecar);
        }
    }

    @Test
    void slowAsAWholeIsCutOff() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "");
                    while (true) {
                        client.send("1", "x");
                        Thread.sleep(20);
                    }
                });
                ServedSidecar sidecar =
                        new ServedSidecar(ServedSidecar.settings(upstream.port(), Duration.ofMinutes(1), AMPLE, 1000));
                RawClient client = sidecar.client()) {
            String read = new String(client.get("/").readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(read).startsWith("HTTP/1.1 200 OK").doesNotContain("\r\n0\r\n");
            assertEndsOnce(sidecar);
        }
    }

    @Test
    void clientThatStopsSendingIs408() throws Exception {
        try (Upstream upstream = new Upstream(RawClient::readToEnd);
                ServedSidecar sidecar = new ServedSidecar(ServedSidecar.settings(upstream.port(), AMPLE, null, 1000));
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 10", "", "half");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 408").containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense\r\n\r\n",
                "HTTP/1.1 200",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n"
            })
    void garbageIs502(String answer) throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.sendBytes(answer.getBytes(StandardCharsets.ISO_8859_1));
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 502").contains("\"retryable\":false");
            assertEndsOnce(sidecar);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"
            })
    void deathInTheMiddleIsNoProperEnd(String answer) throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.sendBytes(answer.getBytes(StandardCharsets.ISO_8859_1));
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            String read = new String(client.get("/").readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(read).contains("half").doesNotContain("\r\n0\r\n");
            assertEndsOnce(sidecar);
        }
    }

    /** RFC 9112, 6.3: to HTTP/1.0 the end of the connection would be the end of the answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"
            })
    void deathInTheMiddleIsAResetToHttp10(String answer) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.sendBytes(answer.getBytes(StandardCharsets.ISO_8859_1));
                    read.await(60, TimeUnit.SECONDS);
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("GET / HTTP/1.0", "");
            if (!answer.endsWith("zz\r\n")) {
                client.readTo("half");
            }
            read.countDown();
            assertThatThrownBy(client::readToEnd).isInstanceOf(SocketException.class);
            assertEndsOnce(sidecar);
        }
    }

    /** The application closes its idle connection just when the next request comes: only what may be sent twice is sent again. */
    @Test
    void requestThatCrossesTheApplicationsCloseIsSentAgainWhereItMay() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    asked.incrementAndGet();
                    client.send("HTTP/1.1 200 OK", "Content-Length: 0", "");
                    client.readTo("\r\n\r\n");
                    asked.incrementAndGet();
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(asked).hasValue(3);
            // Where the connection is not back in the pool yet, a POST goes out on a fresh one and is answered.
            await().untilAsserted(() -> {
                int before = asked.get();
                client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 0", "");
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 502");
                assertThat(asked).hasValue(before + 1);
            });
        }
    }

    @Test
    void tooLongABodyIs413() throws Exception {
        try (Upstream upstream = new Upstream(RawClient::readToEnd);
                ServedSidecar sidecar =
                        new ServedSidecar(ServedSidecar.settings(upstream.port(), Duration.ofMinutes(1), null, 1000))) {
            try (RawClient client = sidecar.client()) {
                client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 1001", "");
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 413").contains("1000 bytes");
            }
            try (RawClient client = sidecar.client()) {
                client.send("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "400");
                client.sendBytes(new byte[1024]);
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
            }
        }
    }
}

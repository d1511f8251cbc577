package dev.lastcall.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.ServedSidecar;
import dev.lastcall.proxy.Upstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A head that does not become whole ends its connection; silence anywhere else does not. */
class HeadClockTest {
    /** Long enough for a busy machine to send a head in. */
    private static final Duration LIMIT = Duration.ofMillis(2500);

    private final CountDownLatch release = new CountDownLatch(1);
    private final Upstream upstream = new Upstream(client -> {
        while (true) {
            if (client.readTo("\r\n\r\n").startsWith("GET /held ")) {
                release.await(60, TimeUnit.SECONDS);
            }
            client.send("HTTP/1.1 200 OK", "Content-Length: 5", "").write("hello");
        }
    });
    private final ServedSidecar sidecar = new ServedSidecar(
            ServedSidecar.settings(upstream.port(), Duration.ofMinutes(1), null, ServedSidecar.MAX_BODY), LIMIT);

    @AfterEach
    void close() {
        sidecar.close();
        upstream.close();
    }

    private static String rest(RawClient client) throws Exception {
        return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void firstHeadThatDoesNotEndIs408() throws Exception {
        try (RawClient client = sidecar.client()) {
            assertThat(rest(client.write("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")))
                    .startsWith("HTTP/1.1 408 ");
        }
        assertThat(sidecar.inFlight.count()).isZero();
    }

    @Test
    void connectionOnWhichNothingComesIsClosedWithoutAWord() throws Exception {
        try (RawClient client = sidecar.client()) {
            assertThat(rest(client)).isEmpty();
        }
    }

    @Test
    void laterHeadThatDoesNotEndIs408() throws Exception {
        try (RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).endsWith("hello");
            assertThat(rest(client.write("GET / HT"))).startsWith("HTTP/1.1 408 ");
        }
    }

    /** Twice the limit passes on each of the three; the first to be closed by the clock is the one without a head. */
    @Test
    void idleConnectionsAndSlowAnswersAreLeftAlone() throws Exception {
        try (RawClient idle = sidecar.client();
                RawClient held = sidecar.client()) {
            assertThat(idle.get("/").readAnswer()).endsWith("hello");
            held.get("/held").write("GET /behind HT");
            for (int i = 0; i < 2; i++) {
                try (RawClient clock = sidecar.client()) {
                    assertThat(rest(clock)).isEmpty();
                }
            }
            assertThat(idle.get("/").readAnswer()).endsWith("hello");
            release.countDown();
            assertThat(held.readAnswer()).startsWith("HTTP/1.1 200").endsWith("hello");
        }
    }
}

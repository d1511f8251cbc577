package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The abuse by clients that both seats have to bear with 64 MiB of heap, by {@code ./mvnw -Pabuse verify}. */
abstract class EdgeAbuse {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SLOWEST = Duration.ofSeconds(1);
    private static final int DESCRIPTORS = 10_000;

    /** Some requests, so that a percentile means something. */
    private static final int MEASURED = 200;

    abstract SmallPod start() throws Exception;

    /** A small answer. */
    abstract String small();

    /** An answer, or a stream, of many megabytes. */
    abstract String large();

    /** The body of the request for it; empty: it is a GET. */
    abstract byte[] question();

    private byte[] requestForTheLarge() {
        byte[] body = question();
        String head = body.length == 0
                ? "GET " + large() + " HTTP/1.1\r\nHost: a\r\n\r\n"
                : "POST " + large() + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n" + new String(body, ISO_8859_1);
        return head.getBytes(ISO_8859_1);
    }

    private void normalClientIsServed(NormalClient normal) {
        normal.restart();
        await().atMost(LIMIT).until(() -> normal.count() >= MEASURED);
        System.out.printf(
                "%s: normal client p50=%s p99=%s%n",
                getClass().getSimpleName(), normal.percentile(50), normal.percentile(99));
        assertThat(normal.failures()).isEmpty();
        assertThat(normal.percentile(99)).isLessThan(SLOWEST);
    }

    @Test
    void burstsOfPipelinedRequestsWhoseAnswersNobodyReads() throws Exception {
        String one = "GET " + small() + " HTTP/1.1\r\nHost:a\r\n\r\n";
        byte[] burst = one.repeat((128 << 10) / one.length() + 1).getBytes(ISO_8859_1);
        try (SmallPod small = start();
                NormalClient normal = new NormalClient(small.pod.httpPort(), small())) {
            try (HostileClients hostile = new HostileClients(small.pod.httpPort()).send(25, burst)) {
                normalClientIsServed(normal);
                assertThat(hostile.open()).isPositive();
            }
            normal.stop();
            small.awaitRecovery();
        }
    }

    @Test
    void answersThatNobodyReads() throws Exception {
        try (SmallPod small = start();
                NormalClient normal = new NormalClient(small.pod.httpPort(), small())) {
            try (HostileClients hostile = new HostileClients(small.pod.httpPort()).send(600, requestForTheLarge())) {
                normalClientIsServed(normal);
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(hostile.open()).isLessThan(600));
            }
            normal.stop();
            small.awaitRecovery();
        }
    }

    @Test
    void streamsWithoutAWindow() throws Exception {
        try (SmallPod small = start();
                NormalClient normal = new NormalClient(small.pod.httpPort(), small())) {
            try (HostileClients hostile =
                    new HostileClients(small.pod.httpPort()).openStreams(5, 100, large(), question())) {
                normalClientIsServed(normal);
                normal.stop();
                // They are reset after the send timeout, on connections that stay.
                small.awaitRecovery();
                assertThat(hostile.open()).isEqualTo(5);
            }
        }
    }

    @Test
    void tenThousandIdleConnections() throws Exception {
        List<Long> times = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        try (SmallPod small = start();
                NormalClient normal = new NormalClient(small.pod.httpPort(), small())) {
            for (int i = 0; i < DESCRIPTORS; i++) {
                long began = System.nanoTime();
                RawClient client = new RawClient(small.pod.httpPort());
                clients.add(client);
                assertThat(client.get(small()).readAnswer()).startsWith("HTTP/1.1 200");
                times.add(System.nanoTime() - began);
            }
            times.sort(null);
            Duration p99 = Duration.ofNanos(times.get(times.size() * 99 / 100));
            System.out.printf(
                    "%s: 10000 keep-alive clients p99=%s%n", getClass().getSimpleName(), p99);
            assertThat(p99).isLessThan(SLOWEST);
            normalClientIsServed(normal);
            close(clients);
            normal.stop();
            small.awaitRecovery();
        } finally {
            close(clients);
        }
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }
}

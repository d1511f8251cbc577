package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Totals;
import dev.lastcall.http.RawClient;
import dev.lastcall.http.UnendedHeads;
import dev.lastcall.http.limits.HeadBudget;
import dev.lastcall.proxy.client.ClientLimits;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Clients that ask for more than they take, or for more than one connection may have under way. */
class HostileClientTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int LARGE = 64 << 20;
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static ProxySettings settings(int upstream, Duration send, int streams) {
        return new ProxySettings(
                new HostPort("127.0.0.1", 0),
                new HostPort("127.0.0.1", upstream),
                UpstreamProtocol.HTTP1,
                ProxyTls.NONE,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                null,
                send,
                Duration.ofMinutes(1),
                LARGE,
                streams);
    }

    /** Sends much more than any kernel takes. */
    private static Upstream pouring() {
        return new Upstream(client -> {
            while (true) {
                boolean small = client.readTo("\r\n\r\n").contains("/small");
                if (small) {
                    client.write(OK);
                } else {
                    client.send("HTTP/1.1 200 OK", "Content-Length: " + (long) LARGE * 16, "");
                    for (int i = 0; i < LARGE >> 12; i++) {
                        client.sendBytes(new byte[1 << 16]);
                    }
                }
            }
        });
    }

    /** Each holds less than a head may have, and all together more than there is. */
    @Test
    void headsThatDoNotEndHoldABoundedSumAndWholeOnesAreServed() throws Exception {
        ClientLimits limits =
                new ClientLimits(Duration.ofMinutes(5), Duration.ofMinutes(5), 1000, 2, new HeadBudget(300_000));
        try (Upstream upstream = Upstream.answering(OK);
                ServedSidecar sidecar =
                        new ServedSidecar(settings(upstream.port(), Duration.ofMinutes(1), 128), limits);
                UnendedHeads heads = new UnendedHeads(sidecar.port())) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(limits.surplusCount()).isPositive());
            // Six of them are 300 000 bytes.
            assertThat(heads.ended()).isBetween(12, 16);
            try (RawClient client = sidecar.client()) {
                assertThat(client.get("/").readAnswer()).endsWith("ok");
            }
        }
    }

    @Test
    void everyPipelinedRequestIsAnswered() throws Exception {
        try (Upstream upstream = Upstream.answering(OK);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
            client.write((GET + post).repeat(100));
            for (int i = 0; i < 200; i++) {
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("ok");
            }
            Awaitility.await().untilAsserted(() -> assertThat(sidecar.inFlight.totals())
                    .isEqualTo(new Totals(200, 0, 0, 0, 0, 0)));
        }
    }

    @Test
    void whatWasPipelinedOnADeadConnectionIsNotDispatched() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (Upstream upstream = new Upstream(client -> {
                    while (true) {
                        if (client.readTo("\r\n\r\n").startsWith("POST")) {
                            posts.incrementAndGet();
                        }
                        asked.countDown();
                        gone.await(60, TimeUnit.SECONDS);
                        client.write(OK);
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port())) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = sidecar.client()) {
                    client.write(GET + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
                    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
                }
            }
            // Though the application is still silent.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.oldest(5)).isEmpty());
            gone.countDown();
            assertThat(posts).hasValue(0);
        }
    }

    @Test
    void clientThatTakesNothingIsEndedAndCounted() throws Exception {
        try (Upstream upstream = pouring()) {
            ProxySettings settings = settings(upstream.port(), SHORT, 128);
            ClientLimits limits = new ClientLimits(Duration.ofMinutes(1), SHORT, 1000, 2);
            try (ServedSidecar sidecar = new ServedSidecar(settings, limits);
                    RawClient client = sidecar.client();
                    RawClient other = sidecar.client()) {
                client.get("/");
                assertThat(other.get("/small").readAnswer()).endsWith("ok");
                Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(limits.stalledCount())
                        .isOne());
                Awaitility.await().untilAsserted(() -> assertThat(sidecar.inFlight.totals())
                        .isEqualTo(new Totals(1, 0, 0, 1, 0, 0)));
                assertThat(other.get("/small").readAnswer()).endsWith("ok");
            }
        }
    }

    @Test
    void streamThatTakesNothingIsEndedAlone() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Upstream upstream = pouring()) {
            ProxySettings settings = settings(upstream.port(), SHORT, 128);
            ClientLimits limits = new ClientLimits(Duration.ofMinutes(1), SHORT, 1000, 2);
            try (ServedSidecar sidecar = new ServedSidecar(settings, limits)) {
                HttpClient client = vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false)
                                .setHttp2ConnectionWindowSize(1 << 20),
                        new PoolOptions().setHttp2MaxSize(1));
                HttpClientResponse stalled = await(client.request(HttpMethod.GET, sidecar.port(), "localhost", "/")
                        .compose(request -> request.send().onSuccess(HttpClientResponse::pause)));
                assertThat(stalled.statusCode()).isEqualTo(200);
                Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(limits.stalledCount())
                        .isOne());
                HttpClientResponse small = await(client.request(HttpMethod.GET, sidecar.port(), "localhost", "/small")
                        .compose(request -> request.send()));
                assertThat(small.request().connection())
                        .isSameAs(stalled.request().connection());
                Awaitility.await().untilAsserted(() -> assertThat(sidecar.inFlight.totals())
                        .isEqualTo(new Totals(1, 0, 0, 1, 0, 0)));
            }
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void oneConnectionTooManyClosesTheOneThatIdledLongest() throws Exception {
        try (Upstream upstream = Upstream.answering(OK)) {
            ProxySettings settings = settings(upstream.port(), SHORT, 128);
            ClientLimits limits = new ClientLimits(Duration.ofMinutes(1), SHORT, 4, 2);
            try (ServedSidecar sidecar = new ServedSidecar(settings, limits)) {
                List<RawClient> clients = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    RawClient client = sidecar.client();
                    clients.add(client);
                    assertThat(client.get("/").readAnswer()).endsWith("ok");
                }
                assertThat(limits.surplusCount()).isEqualTo(8);
                assertThat(clients.get(0).readToEnd()).isEmpty();
                assertThat(clients.get(11).get("/").readAnswer()).endsWith("ok");
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void aRefusedUpgradeLeavesNoConnectionToTheApplication() throws Exception {
        CountDownLatch closed = new CountDownLatch(3);
        try (Upstream upstream = new Upstream(client -> {
                    String head = client.readTo("\r\n\r\n");
                    String status = head.split("[ /]", 4)[2];
                    client.send("HTTP/1.1 " + status + " No", "Content-Length: 2", "")
                            .write("no");
                    if (head.contains("websocket")) {
                        assertThat(client.readToEnd()).isEmpty();
                        closed.countDown();
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port())) {
            for (int status : new int[] {200, 401, 413}) {
                try (RawClient client = sidecar.client()) {
                    client.send(
                            "GET /" + status + " HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "");
                    client.send("GET /" + status + " HTTP/1.1", "Host: a", "X: behind it", "");
                    assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
                    assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
                }
            }
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsPipelinedBehindAnUpgradeBelongsToTheWebSocket() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket", "");
                    client.readTo("hi");
                    client.sendBytes(new byte[] {(byte) 0x81, 2, 'o', 'k'});
                    client.readToEnd();
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                    + "\u0081\u0082\u0000\u0000\u0000\u0000hi");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
            assertThat(client.readTo("ok")).isEqualTo("\u0081\u0002ok");
        }
    }

    @Test
    void uploadsThatNobodyReadsWaitInTheKernel() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    done.await(30, TimeUnit.SECONDS);
                    client.discard(LARGE);
                    client.write(OK);
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: " + LARGE, "");
            Thread sender = new Thread(() -> {
                try {
                    client.sendBytes(new byte[LARGE]);
                } catch (IOException e) {
                    done.countDown();
                }
            });
            sender.start();
            done.countDown();
            assertThat(client.readAnswer()).endsWith("ok");
            sender.join();
        }
    }
}

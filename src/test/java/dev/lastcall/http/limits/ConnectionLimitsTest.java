package dev.lastcall.http.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.Totals;
import dev.lastcall.http.GatedServer;
import dev.lastcall.http.H2cClient;
import dev.lastcall.http.RawClient;
import dev.lastcall.http.UnendedHeads;
import dev.lastcall.testing.Answers;
import dev.lastcall.testing.Futures;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String ONE = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final int BLOCK = 8 * 1024;

    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicLong mostWaiting = new AtomicLong();
    private final BlockingQueue<RoutingContext> held = new LinkedBlockingQueue<>();
    private GatedServer server = serving(new HttpLimits(LONG, LONG, 1000));

    private GatedServer serving(HttpLimits limits) {
        return serving(limits, HeadBudget.ofThisHeap());
    }

    private GatedServer serving(HttpLimits limits, HeadBudget heads) {
        return new GatedServer(DrainSettings.defaults(), LimitedTransport.vertx(limits, heads), this::answer);
    }

    private void answer(RoutingContext context) {
        switch (context.request().path()) {
            case "/held" -> held.add(context);
            case "/block" -> {
                var connection = (io.vertx.core.http.impl.HttpServerConnection)
                        context.request().connection();
                long waiting = connection.channel().unsafe().outboundBuffer().totalPendingWriteBytes();
                mostWaiting.accumulateAndGet(waiting, Math::max);
                context.end(Buffer.buffer(new byte[BLOCK]));
            }
            case "/count" -> context.end(Integer.toString(counted.incrementAndGet()));
            case "/method" -> context.end(context.request().method().name());
            case "/large" -> context.end(Buffer.buffer(new byte[64 << 20]));
            case "/upload" -> context.request().body().onSuccess(body -> context.end("read " + body.length()));
            default -> context.end("hello");
        }
    }

    private void limit(Duration head, Duration send) {
        limit(new HttpLimits(head, send, 1000));
    }

    private void limit(HttpLimits limits) {
        server.close();
        server = serving(limits);
    }

    private RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawClient client = client()) {
            client.write(ONE + "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345" + ONE + ONE);
            assertThat(client.readAnswer()).endsWith("hello");
            assertThat(client.readAnswer()).endsWith("read 5");
            assertThat(client.readAnswer()).endsWith("hello");
            assertThat(client.readAnswer()).endsWith("hello");
            assertThat(client.get("/hello").readAnswer()).endsWith("hello");
        }
    }

    @Test
    void manyPipelinedRequestsAreAllAnswered() throws Exception {
        try (RawClient client = client()) {
            client.write(ONE.repeat(2000));
            for (int i = 0; i < 2000; i++) {
                assertThat(client.readAnswer()).endsWith("hello");
            }
        }
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(2000, 0, 0, 0, 0, 0)));
    }

    @Test
    void leavingOfAClientWithPipelinedRequestsIsNoticed() throws Exception {
        try (RawClient client = client()) {
            client.write("GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n" + ONE + ONE);
            assertThat(held.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
    }

    @Test
    void floodBehindARequestIsNotRead() throws Exception {
        try (RawClient client = client()) {
            client.get("/held");
            RoutingContext context = held.poll(10, TimeUnit.SECONDS);
            assertThat(context).isNotNull();
            var connection = (io.vertx.core.http.impl.HttpServerConnection)
                    context.request().connection();
            client.write(ONE.repeat(3000));
            await().untilAsserted(() ->
                    assertThat(connection.channel().config().isAutoRead()).isFalse());
            context.vertx().runOnContext(now -> context.response().end("late"));
            assertThat(client.readAnswer()).endsWith("late");
            for (int i = 0; i < 3000; i++) {
                assertThat(client.readAnswer()).endsWith("hello");
            }
        }
    }

    @Test
    void upgradeToHttp2IsIgnored() throws Exception {
        try (RawClient client = client()) {
            client.send(
                    "POST /upload HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade, HTTP2-Settings",
                    "Upgrade: h2c",
                    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
                    "Content-Length: 4",
                    "",
                    "ab");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("read 4");
        }
    }

    @Test
    void headThatDoesNotEndIsAnswered408() throws Exception {
        limit(SHORT, LONG);
        try (RawClient first = client();
                RawClient later = client()) {
            assertThat(later.get("/hello").readAnswer()).endsWith("hello");
            first.write("GET / HTTP/1.1\r\nHost: loc");
            later.write("GET / HTTP/1.1\r\nHost: loc");
            assertThat(new String(first.readToEnd(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408");
            assertThat(new String(later.readToEnd(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void connectionThatSaysNothingIsClosed() throws Exception {
        limit(SHORT, LONG);
        try (RawClient client = client()) {
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void slowAnswerAndIdleConnectionAreNotLimitedByTheHeadTimeout() throws Exception {
        limit(SHORT, LONG);
        try (RawClient client = client()) {
            client.get("/held");
            RoutingContext context = held.poll(10, TimeUnit.SECONDS);
            assertThat(context).isNotNull();
            context.vertx()
                    .setTimer(3 * SHORT.toMillis(), due -> context.response().end("late"));
            assertThat(client.readAnswer()).endsWith("late");
        }
    }

    @Test
    void answerThatIsNotReadIsEndedAndCounted() throws Exception {
        limit(LONG, SHORT);
        try (RawClient client = client()) {
            client.get("/large").readTo("\r\n\r\n");
            await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
            try {
                assertThat(client.readToEnd().length).isLessThan(64 << 20);
            } catch (SocketException reset) {
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void answersThatAreNotReadAreNotMade() throws Exception {
        int requests = 4000;
        try (RawClient client = client()) {
            client.write("GET /block HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
            for (int i = 0; i < requests; i++) {
                assertThat(client.readAnswer()).hasSizeGreaterThan(BLOCK);
            }
        }
        assertThat(mostWaiting.get()).isLessThanOrEqualTo(32 * 1024);
    }

    @Test
    void oldestIdleConnectionGivesWayToANewOne() throws Exception {
        limit(new HttpLimits(LONG, LONG, 3));
        try (RawClient first = client();
                RawClient second = client();
                RawClient third = client()) {
            for (RawClient client : List.of(second, third, first)) {
                assertThat(client.get("/hello").readAnswer()).endsWith("hello");
            }
            try (RawClient fourth = client()) {
                assertThat(fourth.get("/hello").readAnswer()).endsWith("hello");
                assertThat(second.readToEnd()).isEmpty();
                for (RawClient client : List.of(first, third)) {
                    assertThat(client.get("/hello").readAnswer()).endsWith("hello");
                }
            }
        }
    }

    @Test
    void connectionTooManyIsClosedWhereNoneIdles() throws Exception {
        limit(new HttpLimits(LONG, LONG, 2));
        try (RawClient first = client();
                H2cClient second = new H2cClient(server.port())) {
            first.get("/held");
            var answer = second.post("/held", "text");
            List<RoutingContext> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                RoutingContext context = held.poll(10, TimeUnit.SECONDS);
                assertThat(context).isNotNull();
                busy.add(context);
            }
            try (RawClient third = client()) {
                assertThat(third.readToEnd()).isEmpty();
            }
            busy.forEach(context ->
                    context.vertx().runOnContext(now -> context.response().end("late")));
            assertThat(first.readAnswer()).endsWith("late");
            assertThat(Futures.await(answer)).startsWith("200 late");
        }
    }

    @Test
    void http2StreamThatIsNotReadIsEndedAndTheOthersAreNot() throws Exception {
        limit(LONG, SHORT);
        HttpClient client = server.vertx()
                .createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false),
                        new PoolOptions().setHttp2MaxSize(1));
        HttpClientRequest stalled = Futures.await(client.request(HttpMethod.GET, server.port(), "localhost", "/large"));
        CompletableFuture<Throwable> reset = new CompletableFuture<>();
        HttpClientResponse answer = Futures.await(stalled.send().onSuccess(response -> {
            response.pause();
            response.exceptionHandler(reset::complete);
        }));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(reset.get(60, TimeUnit.SECONDS)).hasMessageContaining("reset: 8");
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
        HttpClientRequest next = Futures.await(client.request(HttpMethod.GET, server.port(), "localhost", "/hello"));
        assertThat(next.connection()).isSameAs(stalled.connection());
        Future<String> text = Answers.text(next);
        next.end();
        assertThat(Futures.await(text)).startsWith("200 hello");
    }

    @Test
    void http2ClientThatReadsSlowlyIsNotEnded() throws Exception {
        limit(LONG, Duration.ofSeconds(10));
        HttpClient client = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        HttpClientRequest slow = Futures.await(client.request(HttpMethod.GET, server.port(), "localhost", "/large"));
        CompletableFuture<Long> over = new CompletableFuture<>();
        AtomicLong read = new AtomicLong();
        Futures.await(slow.send().onSuccess(response -> {
            response.exceptionHandler(over::completeExceptionally);
            response.endHandler(end -> over.complete(read.get()));
            response.handler(buffer -> {
                // Slowly at first, for more than the limit and never for as long; the rest at once.
                if (read.addAndGet(buffer.length()) < 1_000_000) {
                    response.pause();
                    server.vertx().setTimer(200, due -> response.resume());
                }
            });
        }));
        assertThat(over.get(120, TimeUnit.SECONDS)).isEqualTo(64 << 20);
    }

    @Test
    void headsThatDoNotEndHoldABoundedSumAndWholeOnesAreServed() throws Exception {
        server.close();
        server = serving(new HttpLimits(LONG, LONG, 1000), new HeadBudget(300_000));
        try (UnendedHeads heads = new UnendedHeads(server.port())) {
            // Six of them are 300 000 bytes.
            await().untilAsserted(() -> assertThat(heads.ended()).isBetween(12, 16));
            try (RawClient client = client()) {
                assertThat(client.get("/hello").readAnswer()).endsWith("hello");
            }
        }
    }

    @Test
    void http2HeadThatIsTooLargeFailsItsOwnStream() {
        HttpClient client = server.vertx()
                .createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false),
                        new PoolOptions().setHttp2MaxSize(1));
        Set<HttpConnection> connections = new HashSet<>();
        for (int size : List.of(60_000, 70_000, 110_000, 1000)) {
            HttpClientRequest request =
                    Futures.await(client.request(HttpMethod.GET, server.port(), "localhost", "/hello"));
            connections.add(request.connection());
            HttpClientResponse answer =
                    Futures.await(request.putHeader("x", "v".repeat(size)).send());
            assertThat(answer.statusCode()).as("%s bytes", size).isEqualTo(size > 64 * 1024 ? 431 : 200);
        }
        assertThat(connections).hasSize(1);
    }

    @Test
    void burstThatIsAnsweredAtOnceLetsOthersComeBetween() throws Exception {
        int requests = 20_000;
        try (RawClient hostile = client();
                RawClient normal = client()) {
            normal.get("/count").readAnswer();
            counted.set(0);
            hostile.write("GET /count HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
            while (counted.get() == 0) {
                Thread.onSpinWait();
            }
            String between = normal.get("/count").readAnswer();
            int place = Integer.parseInt(between.substring(between.lastIndexOf('\n') + 1));
            for (int i = 0; i < requests; i++) {
                hostile.readAnswer();
            }
            assertThat(counted).hasValue(requests + 1);
            assertThat(place).isLessThan(requests);
        }
    }

    @Test
    void longHeadBehindManyRequestsIsRead() throws Exception {
        String head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + "v".repeat(6000) + "\r\n\r\n";
        try (RawClient client = client()) {
            client.write(ONE.repeat(300) + head.repeat(20) + ONE);
            for (int i = 0; i < 321; i++) {
                assertThat(client.readAnswer()).endsWith("hello");
            }
        }
    }

    @Test
    void methodsThatNobodyKnowsHaveOneName() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.send("INVENTED /method HTTP/1.1", "Host: a", "").readAnswer())
                    .endsWith("OTHER");
            assertThat(client.send("PROPFIND /method HTTP/1.1", "Host: a", "").readAnswer())
                    .endsWith("PROPFIND");
        }
        HttpClient http2 = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        for (int i = 0; i < 2; i++) {
            HttpClientRequest request =
                    Futures.await(http2.request(HttpMethod.valueOf("INVENTED"), server.port(), "localhost", "/method"));
            Future<String> text = Answers.text(request);
            request.end();
            assertThat(Futures.await(text)).startsWith("200 OTHER");
        }
    }
}

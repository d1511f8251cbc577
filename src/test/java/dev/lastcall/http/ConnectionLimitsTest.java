package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.Totals;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String ONE = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final BlockingQueue<RoutingContext> held = new LinkedBlockingQueue<>();
    private GatedServer server = serving(new HttpLimits(LONG, LONG));

    private GatedServer serving(HttpLimits limits) {
        return new GatedServer(DrainSettings.defaults(), limits, this::answer);
    }

    private void answer(RoutingContext context) {
        switch (context.request().path()) {
            case "/held" -> held.add(context);
            case "/large" -> context.end(Buffer.buffer(new byte[64 << 20]));
            case "/upload" -> context.request().body().onSuccess(body -> context.end("read " + body.length()));
            default -> context.end("hello");
        }
    }

    private void limit(Duration head, Duration send) {
        server.close();
        server = serving(new HttpLimits(head, send));
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
}

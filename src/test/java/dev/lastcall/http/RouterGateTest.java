package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSignal;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.InFlight;
import dev.lastcall.testing.Answers;
import dev.lastcall.testing.Futures;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import jakarta.inject.Inject;
import java.net.URL;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RouterGateTest {
    @Inject
    InFlight inFlight;

    @Inject
    Drain drain;

    @Inject
    Vertx vertx;

    @TestHTTPResource("/")
    URL root;

    @AfterEach
    void nothingIsLeftInFlight() {
        RouterResource.release.countDown();
        await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
        RouterResource.release = new CountDownLatch(1);
    }

    private RawClient client() throws Exception {
        return new RawClient(root.getPort());
    }

    @Test
    void entryIsNamedByItsTemplate() throws Exception {
        try (RawClient client = client()) {
            client.get("/router/blocking/42?secret=1");
            assertThat(RouterResource.ENTERED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            List<EntryView> oldest = inFlight.oldest(10);
            assertThat(oldest).singleElement().satisfies(entry -> {
                assertThat(entry.method()).isEqualTo("GET");
                assertThat(entry.path()).isEqualTo("/router/blocking/{id}");
                assertThat(entry.kind()).isEqualTo(EntryClass.UNARY);
            });
            RouterResource.release.countDown();
            assertThat(client.readAnswer()).endsWith("42");
        }
    }

    @Test
    void workerWhoseClientLeftStaysInFlightUntilItReturns() throws Exception {
        long left = inFlight.totals().left();
        try (RawClient client = client()) {
            client.get("/router/blocking/1");
            assertThat(RouterResource.ENTERED.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
        await().untilAsserted(
                        () -> assertThat(RouterResource.signal.clientGone()).isTrue());
        assertThat(RouterResource.signal.isCancelled()).isTrue();
        assertThat(inFlight.count()).isOne();
        RouterResource.release.countDown();
        await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
        assertThat(inFlight.totals().left()).isEqualTo(left + 1);
    }

    @Test
    void eventStreamIsCountedAsStreamAndEndsWithItsClient() throws Exception {
        try (RawClient client = client()) {
            client.get("/router/events").readTo("data:first\n\n");
            assertThat(inFlight.countByClass())
                    .containsEntry(EntryClass.STREAM, 1L)
                    .containsEntry(EntryClass.UNARY, 0L);
        }
        await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
    }

    @Test
    void unknownPathsAndFailedUpgradesLeaveNoCount() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.get("/router/nothing").readAnswer()).contains("404 Not Found");
        }
        WebSocketClient sockets = vertx.createWebSocketClient();
        assertThat(sockets.connect(root.getPort(), "localhost", "/router/nothing")
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(UpgradeRejectedException.class);
    }

    @Test
    void webSocketIsInFlightUntilItsConnectionCloses() throws Exception {
        WebSocket socket = connect();
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        socket.textMessageHandler(messages::add);
        Futures.await(socket.writeTextMessage("hello"));
        assertThat(messages.poll(60, TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(inFlight.countByClass()).containsEntry(EntryClass.WEBSOCKET, 1L);
        Futures.await(socket.close());
        await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
    }

    private WebSocket connect() {
        return Futures.await(vertx.createWebSocketClient().connect(root.getPort(), "localhost", "/router/socket"));
    }

    @Test
    void resetStreamOfARestMethodLeavesItsConnectionWhole() throws Exception {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(1));
        AtomicBoolean closed = new AtomicBoolean();
        long left = inFlight.totals().left();
        HttpClientRequest reset = request(client, "/router/later");
        reset.connection().closeHandler(gone -> closed.set(true));
        reset.exceptionHandler(failure -> {});
        Futures.await(reset.end());
        CompletableFuture<String> answer = RouterResource.LATER.poll(10, TimeUnit.SECONDS);
        HttpClientRequest other = request(client, "/router/later");
        Future<String> whole = Answers.text(other);
        other.end();
        CompletableFuture<String> second = RouterResource.LATER.poll(10, TimeUnit.SECONDS);
        reset.reset();
        await().untilAsserted(() -> assertThat(inFlight.totals().left()).isEqualTo(left + 1));
        answer.complete("nobody reads it");
        second.complete("read");
        assertThat(Futures.await(whole)).startsWith("200 read");
        assertThat(closed).isFalse();
        Futures.await(client.close());
    }

    private HttpClientRequest request(HttpClient client, String path) {
        return Futures.await(client.request(HttpMethod.GET, root.getPort(), "localhost", path));
    }

    @Test
    void singletonThatInjectsTheSignalAsksForItsOwnRequest() throws Exception {
        try (RawClient first = client()) {
            assertThat(first.get("/unscoped").readAnswer()).endsWith("cancelled: false");
        }
        DrainSignal ofTheFirst = RouterResource.signal;
        try (RawClient second = client()) {
            assertThat(second.get("/unscoped").readAnswer()).endsWith("cancelled: false");
        }
        assertThat(RouterResource.signal).isNotSameAs(ofTheFirst);
    }
}

package dev.lastcall.http;

import static dev.lastcall.testing.Answers.text;
import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.RoutingContext;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2GateTest {
    private static final int DOWNLOAD = 10 * 1024 * 1024;

    private final BlockingQueue<RoutingContext> held = new LinkedBlockingQueue<>();
    private final GatedServer server = new GatedServer(this::answer);
    private final HttpClient client = server.vertx()
            .createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false),
                    new PoolOptions().setHttp2MaxSize(1));
    private final List<GoAway> goAways = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private void answer(RoutingContext context) {
        switch (context.request().path()) {
            case "/hello" -> context.end("hello");
            case "/large" -> context.end(Buffer.buffer(new byte[DOWNLOAD]));
            case "/events" -> {
                context.response().putHeader("content-type", "text/event-stream");
                context.response().write("data: 1\n\n");
                held.add(context);
            }
            default -> held.add(context);
        }
    }

    @AfterEach
    void close() {
        await(client.close());
        server.close();
    }

    private HttpClientRequest request(String path) {
        HttpClientRequest request = await(client.request(HttpMethod.GET, server.port(), "localhost", path));
        request.exceptionHandler(gone -> {});
        watch(request.connection());
        return request;
    }

    private void watch(HttpConnection connection) {
        connection.goAwayHandler(goAways::add);
        connection.closeHandler(gone -> closed.set(true));
    }

    private Future<String> get(String path) {
        HttpClientRequest request = request(path);
        Future<String> answer = text(request);
        request.end();
        return answer;
    }

    private RoutingContext takeHeld() throws InterruptedException {
        RoutingContext context = held.poll(60, TimeUnit.SECONDS);
        assertThat(context).isNotNull();
        return context;
    }

    @Test
    void streamsEndOnceAndLeaveNoCount() {
        assertThat(await(get("/hello"))).startsWith("200 hello");
        assertThat(await(get("/hello"))).startsWith("200 hello");
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(2, 0, 0, 0, 0, 0)));
        assertThat(server.inFlight.count()).isZero();
    }

    @Test
    void idleConnectionGoesAtDraining() {
        await(get("/hello"));
        server.enterDraining();
        await().untilTrue(closed);
        assertThat(goAways).isNotEmpty();
    }

    @Test
    void streamsInFlightEndAfterBothGoAways() throws Exception {
        Future<String> answer = get("/held");
        RoutingContext context = takeHeld();
        server.enterDraining();
        await().untilAsserted(() -> assertThat(goAways).isNotEmpty());
        assertThat(closed).isFalse();
        context.vertx().runOnContext(now -> context.response().end("late"));
        assertThat(await(answer)).startsWith("200 late");
        await().untilTrue(closed);
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void firstGoAwayLeavesStreamsOnTheirWayServed() {
        await(get("/hello"));
        HttpClientRequest onItsWay = request("/hello");
        server.enterLameDuck();
        await().untilAsserted(() -> assertThat(goAways)
                .singleElement()
                .satisfies(goAway -> assertThat(goAway.getLastStreamId()).isEqualTo(Integer.MAX_VALUE)));
        Future<String> answer = text(onItsWay);
        onItsWay.end();
        assertThat(await(answer)).startsWith("200 hello");
    }

    @Test
    void newConnectionIsServedInTheLameDuckAndToldToGo() {
        server.enterLameDuck();
        assertThat(await(get("/hello"))).startsWith("200 hello");
        await().untilAsserted(() -> assertThat(goAways).isNotEmpty());
    }

    @Test
    void refusalIsAnAnswerAndTheConnectionGoes() {
        server.enterDraining();
        HttpClientResponse refusal = await(request("/hello").send());
        assertThat(refusal.statusCode()).isEqualTo(503);
        assertThat(refusal.getHeader("connection")).isNull();
        assertThat(refusal.getHeader("x-should-retry")).isEqualTo("true");
        await().untilTrue(closed);
    }

    @Test
    void largeAnswerIsInFlightUntilFlowControlHasLetItGo() throws Exception {
        HttpClientRequest request = request("/large");
        Future<HttpClientResponse> paused = request.response().onSuccess(HttpClientResponse::pause);
        request.end();
        HttpClientResponse response = await(paused);
        server.enterDraining();
        assertThat(server.drain.state()).isEqualTo(DrainState.DRAINING);
        assertThat(server.inFlight.count()).isOne();
        Future<Buffer> body = response.body();
        response.resume();
        assertThat(await(body).length()).isEqualTo(DOWNLOAD);
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
    }

    @Test
    void resetStreamHasLeftAndIsNotCut() throws Exception {
        HttpClientRequest request = request("/events");
        await(request.send());
        takeHeld();
        assertThat(server.inFlight.countByClass()).containsEntry(EntryClass.STREAM, 1L);
        request.reset();
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
        assertThat(server.inFlight.count()).isZero();
    }

    @Test
    void clientThatVanishesHasLeft() throws Exception {
        HttpClientRequest request = request("/events");
        await(request.send());
        takeHeld();
        await(request.connection().close());
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
    }

    @Test
    void streamIsCutAtTheDeadline() throws Exception {
        HttpClientRequest request = request("/events");
        HttpClientResponse response = await(request.send());
        Future<Void> end = response.end();
        takeHeld();
        server.enterDraining();
        server.passTheDeadline();
        await().untilAsserted(() -> assertThat(end.failed()).isTrue());
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0)));
    }

    @Test
    void writesOnAResetStreamLeaveTheConnectionToTheOthers() throws Exception {
        HttpClientRequest request = request("/events");
        await(request.send());
        RoutingContext late = takeHeld();
        request.reset();
        await().untilAsserted(() -> assertThat(server.inFlight.totals().left()).isOne());
        late.vertx().runOnContext(now -> {
            late.response().write("data: 2\n\n");
            late.response().putTrailer("late", "yes").end("data: 3\n\n");
        });
        assertThat(await(get("/hello"))).startsWith("200 hello");
        assertThat(await(get("/hello"))).startsWith("200 hello");
        assertThat(closed).isFalse();
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(2, 0, 0, 1, 0, 0)));
    }

    @Test
    void clientThatResetsAnAnswerHeldByFlowControlHasLeft() throws Exception {
        HttpClientRequest request = request("/large");
        Future<HttpClientResponse> paused = request.response().onSuccess(HttpClientResponse::pause);
        request.end();
        await(paused);
        request.reset();
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
    }

    /** A client whose write fails closes, and has not read what was there for it. */
    @Test
    void clientMayGoOnSendingUntilItHasReadThatTheConnectionGoes() throws Exception {
        server.enterDraining();
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        byte[] get = {0, 0, 6, 1, 5, 0, 0, 0, 1, (byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
        byte[] later = get.clone();
        later[8] = 3;
        long start = System.nanoTime();
        try (RawClient raw = new RawClient(server.port())) {
            raw.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").sendBytes(settings).sendBytes(get);
            assertThat(raw.readTo("retryable")).contains("application/problem+json");
            byte[] rest = raw.readToEnd();
            assertThat(rest).isNotEmpty();
            raw.sendBytes(later);
            raw.sendBytes(later).sendBytes(later);
        } catch (SocketException e) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
        }
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 1, 0, 0, 0, 0));
    }

    @Test
    void uploadAnsweredEarlyIsWaitedFor() throws Exception {
        HttpClientRequest upload = request("/held");
        Future<String> answer = text(upload);
        upload.setChunked(true).exceptionHandler(gone -> {});
        await(upload.write(Buffer.buffer(new byte[1000])));
        RoutingContext context = takeHeld();
        server.enterDraining();
        context.vertx().runOnContext(now -> context.response().end("early"));
        assertThat(await(answer)).startsWith("200 early");
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
        server.time.runPending();
        assertThat(server.drain.whenReleaseDue()).isCompleted();
        assertThat(server.finalResponses.allEnded()).isNotDone();
        assertThat(closed).isFalse();
        await(upload.end(Buffer.buffer(new byte[100_000])));
        await().untilAsserted(() -> assertThat(server.finalResponses.allEnded()).isDone());
        await().untilTrue(closed);
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void refusedUploadIsWaitedFor() throws Exception {
        HttpClientRequest held = request("/held");
        Future<String> answer = text(held);
        held.end();
        RoutingContext context = takeHeld();
        server.enterDraining();
        HttpClient late = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        HttpClientRequest upload = await(late.request(HttpMethod.POST, server.port(), "localhost", "/upload"));
        Future<String> refusal = text(upload);
        upload.setChunked(true).exceptionHandler(gone -> {});
        await(upload.write(Buffer.buffer(new byte[1000])));
        assertThat(await(refusal)).startsWith("503 ");
        context.vertx().runOnContext(now -> context.response().end("late"));
        assertThat(await(answer)).startsWith("200 late");
        assertThat(server.finalResponses.allEnded()).isNotDone();
        await(upload.end());
        await().untilAsserted(() -> assertThat(server.finalResponses.allEnded()).isDone());
    }
}

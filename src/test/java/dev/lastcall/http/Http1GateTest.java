package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http1GateTest {
    private static final int UPLOAD = 20 * 1024 * 1024;
    private static final int DOWNLOAD = 50 * 1024 * 1024;

    private final BlockingQueue<RoutingContext> held = new LinkedBlockingQueue<>();
    private final AtomicInteger executed = new AtomicInteger();
    private volatile WeakReference<HttpServerRequest> latest = new WeakReference<>(null);
    private final GatedServer server = new GatedServer(this::answer);

    private void answer(RoutingContext context) {
        executed.incrementAndGet();
        switch (context.request().path()) {
            case "/hello" -> {
                latest = new WeakReference<>(context.request());
                context.end("hello");
            }
            case "/held" -> held.add(context);
            case "/boom" -> throw new IllegalStateException("boom");
            case "/large" -> context.end(Buffer.buffer(new byte[DOWNLOAD]));
            case "/early" -> context.end("early");
            case "/last" -> {
                context.end("last");
                server.enterDraining();
            }
            case "/events" -> {
                context.response()
                        .putHeader("content-type", "text/event-stream")
                        .setChunked(true);
                context.response().write("data: 1\n\n");
                held.add(context);
            }
            case "/upload" -> context.request().body().onSuccess(body -> context.end("read " + body.length()));
            default -> context.response().setStatusCode(404).end();
        }
    }

    private RoutingContext takeHeld() throws InterruptedException {
        RoutingContext context = held.poll(60, TimeUnit.SECONDS);
        assertThat(context).isNotNull();
        return context;
    }

    private void end(RoutingContext context, String body) {
        context.vertx().runOnContext(now -> context.response().end(body));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    private static byte[] upload(String path, String... headers) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers)
                + "Content-Length: " + UPLOAD + "\r\n\r\n";
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void servingKeepsConnectionsAlive() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).contains("200 OK").doesNotContainIgnoringCase("connection:");
            assertThat(client.get("/hello").readAnswer()).contains("200 OK");
        }
    }

    /** Thousands of connections idle: each holding its last request would hold what belongs to that, too. */
    @Test
    void idleConnectionHoldsNothingOfItsLastRequest() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).contains("200 OK");
            await().untilAsserted(() -> {
                System.gc();
                assertThat(latest.refersTo(null)).isTrue();
            });
        }
    }

    @Test
    void everyRequestEndsOnceWhateverItsStatus() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).contains("200 OK");
            assertThat(client.get("/missing").readAnswer()).contains("404 Not Found");
            assertThat(client.get("/boom").readAnswer()).contains("500 Internal Server Error");
        }
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(3, 0, 0, 0, 0, 0)));
        assertThat(server.inFlight.count()).isZero();
    }

    @Test
    void lameDuckServesSaysCloseAndCloses() throws IOException {
        try (RawClient client = client()) {
            assertThat(client.get("/hello").readAnswer()).contains("200 OK");
            server.enterLameDuck();
            assertThat(client.get("/hello").readAnswer()).contains("200 OK").containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void requestAdmittedWhileServingSaysCloseInTheLameDuck() throws Exception {
        try (RawClient client = client()) {
            client.get("/held");
            RoutingContext context = takeHeld();
            server.enterLameDuck();
            end(context, "late");
            assertThat(client.readAnswer())
                    .contains("200 OK")
                    .containsIgnoringCase("connection: close")
                    .endsWith("late");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void requestsPipelinedBehindACloseAreNotExecuted() throws IOException {
        server.enterLameDuck();
        String one = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawClient client = client()) {
            client.send((one + one + one).stripTrailing(), "");
            assertThat(client.readAnswer()).contains("200 OK").containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(executed).hasValue(1);
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void drainingRefusesWithEveryHeaderARetryNeeds() throws Exception {
        try (RawClient holder = client();
                RawClient client = client()) {
            holder.get("/held");
            takeHeld();
            server.enterDraining();
            String answer = client.get("/hello").readAnswer();
            assertThat(answer)
                    .contains("503 Service Unavailable")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .containsIgnoringCase("retry-after: 1\r\n")
                    .containsIgnoringCase("x-should-retry: true")
                    .containsIgnoringCase("connection: close")
                    .contains("\"retryable\":true")
                    .contains("\"status\":503");
            assertThat(answer.replaceFirst("(?s).*retry-after-ms: (\\d+).*", "$1"))
                    .satisfies(ms -> assertThat(Integer.parseInt(ms)).isBetween(200, 500));
            assertThat(client.readToEnd()).isEmpty();
            assertThat(executed).hasValue(1);
            assertThat(server.inFlight.totals().rejected()).isOne();
            assertThat(server.inFlight.count()).isOne();
        }
    }

    @Test
    void seatGivesItsRefusalsTheirShape() throws IOException {
        server.enterDraining();
        try (RawClient client = client()) {
            assertThat(client.get("/teapot/1").readAnswer())
                    .contains("503 Service Unavailable")
                    .containsIgnoringCase("content-type: application/tea")
                    .containsIgnoringCase("retry-after-ms: ")
                    .contains("tea: This instance is shutting down");
        }
        try (RawClient client = client()) {
            assertThat(client.get("/v1/responses").readAnswer())
                    .containsIgnoringCase("content-type: application/problem+json");
        }
    }

    @Test
    void refusedUploadReadsItsRefusal() throws IOException {
        server.enterDraining();
        try (RawClient client = client()) {
            client.sendBytes(upload("/upload")).sendBytes(new byte[UPLOAD - 1]);
            await().untilAsserted(() ->
                    assertThat(server.inFlight.totals().rejected()).isOne());
            assertThat(server.finalResponses.allEnded()).isNotDone();
            client.sendBytes(new byte[1]);
            assertThat(client.readAnswer()).contains("503 Service Unavailable");
            assertThat(client.readToEnd()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(server.finalResponses.allEnded()).isDone());
        assertThat(executed).hasValue(0);
    }

    @Test
    void refusedUploadThatFallsSilentIsClosed() throws IOException {
        server.enterDraining();
        try (RawClient client = client()) {
            client.sendBytes(upload("/upload")).sendBytes(new byte[1000]);
            assertThat(client.readAnswer()).contains("503 Service Unavailable");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void uploadAdmittedBeforeIsReadToItsEnd() throws Exception {
        try (RawClient client = client()) {
            client.sendBytes(upload("/upload")).sendBytes(new byte[UPLOAD / 2]);
            await().untilAsserted(() -> assertThat(server.inFlight.count()).isOne());
            server.enterDraining();
            client.sendBytes(new byte[UPLOAD / 2]);
            assertThat(client.readAnswer()).endsWith("read " + UPLOAD);
        }
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
    }

    @Test
    void answerGivenBeforeTheUploadsEndIsRead() throws IOException {
        server.enterLameDuck();
        try (RawClient client = client()) {
            client.sendBytes(upload("/early")).sendBytes(new byte[UPLOAD]);
            assertThat(client.readAnswer()).endsWith("early");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void admissionIsWhatContinuesAnExpectation() throws IOException {
        try (RawClient client = client()) {
            client.sendBytes(upload("/upload", "Expect: 100-continue\r\n"));
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            client.sendBytes(new byte[UPLOAD]);
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK").endsWith("read " + UPLOAD);
        }
    }

    @Test
    void refusalComesInsteadOfTheContinue() throws IOException {
        server.enterDraining();
        try (RawClient client = client()) {
            client.sendBytes(upload("/upload", "Expect: 100-continue\r\n"));
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 503 Service Unavailable");
        }
    }

    @Test
    void idleConnectionIsHalfClosedAtDrainingAndWhatCrossesIsReported() throws Exception {
        try (RawClient holder = client();
                RawClient client = client()) {
            holder.get("/held");
            takeHeld();
            client.get("/held");
            RoutingContext first = takeHeld();
            end(first, "first");
            client.readAnswer();
            await().untilAsserted(() -> assertThat(server.inFlight.count()).isOne());
            // The server's side is held, so that the request is on its way when the connection is closed, however busy
            // the machine is.
            CountDownLatch sent = new CountDownLatch(1);
            EventLoop loop = ((HttpServerConnection) first.request().connection())
                    .channel()
                    .eventLoop();
            CountDownLatch held = new CountDownLatch(1);
            Future<?> holding = loop.submit(() -> {
                held.countDown();
                return sent.await(60, TimeUnit.SECONDS);
            });
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            server.enterDraining();
            client.get("/hello");
            sent.countDown();
            holding.get(60, TimeUnit.SECONDS);
            assertThat(client.readToEnd()).isEmpty();
            await().untilAsserted(
                            () -> assertThat(server.inFlight.totals().crossed()).isOne());
            assertThat(executed).hasValue(2);
            assertThat(server.inFlight.totals().rejected()).isZero();
        }
    }

    @Test
    void requestThatIsHereAlreadyWhenAnIdleConnectionIsClosedIsRefused() throws Exception {
        try (RawClient holder = client();
                RawClient client = client()) {
            holder.get("/held");
            takeHeld();
            String head = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.sendBytes(("GET /last" + head + "GET /hello" + head).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.readAnswer()).contains("200 OK").endsWith("last");
            assertThat(client.readAnswer()).contains("503 Service Unavailable");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(server.inFlight.totals().rejected()).isOne();
    }

    @Test
    void partOfARequestThatIsHereWhenAnIdleConnectionIsClosedHasCrossed() throws Exception {
        try (RawClient holder = client();
                RawClient client = client()) {
            holder.get("/held");
            takeHeld();
            client.sendBytes(
                    "GET /last HTTP/1.1\r\nHost: localhost\r\n\r\nGET /he".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.readAnswer()).contains("200 OK").endsWith("last");
            assertThat(client.readToEnd()).isEmpty();
        }
        await().untilAsserted(
                        () -> assertThat(server.inFlight.totals().crossed()).isOne());
    }

    @Test
    void largeAnswerIsInFlightUntilASlowReaderHasIt() throws Exception {
        try (RawClient client = client()) {
            client.get("/large");
            await().untilAsserted(() -> assertThat(executed).hasValue(1));
            server.enterDraining();
            assertThat(server.drain.state()).isEqualTo(DrainState.DRAINING);
            assertThat(server.inFlight.count()).isOne();
            client.readTo("\r\n\r\n");
            assertThat(client.readToEnd()).hasSize(DOWNLOAD);
        }
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void clientThatVanishesHasLeftAndIsNotCut() throws Exception {
        try (RawClient client = client()) {
            client.get("/events").readTo("data: 1\n\n");
            takeHeld();
            assertThat(server.inFlight.countByClass()).containsEntry(EntryClass.STREAM, 1L);
        }
        await().untilAsserted(() -> assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
        assertThat(server.inFlight.count()).isZero();
    }

    @Test
    void whatDoesNotEndIsCutAtTheDeadline() throws Exception {
        try (RawClient client = client()) {
            client.get("/held");
            takeHeld();
            server.enterDraining();
            server.passTheDeadline();
            assertThat(client.readToEnd()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
        assertThat(server.inFlight.cuts().named()).singleElement().satisfies(cut -> assertThat(cut.path())
                .isEqualTo("/held"));
    }

    @Test
    void readerThatDoesNotReadIsCutAtTheDeadline() throws Exception {
        // Set before it connects, so that the kernel does not let it grow: elsewhere it takes in 32 MiB for a reader
        // that does not read.
        Socket narrow = new Socket();
        narrow.setReceiveBufferSize(1 << 16);
        narrow.connect(new InetSocketAddress("localhost", server.port()));
        try (RawClient client = new RawClient(narrow)) {
            client.get("/large").readTo("\r\n\r\n");
            server.enterDraining();
            assertThat(server.inFlight.count()).isOne();
            server.passTheDeadline();
            await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(server.inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
            assertThat(readToClose(client)).isLessThan(DOWNLOAD);
        }
    }

    @Test
    void cutOfAnAnswerToAFastReaderIsCountedByWhatBecameOfIt() throws Exception {
        try (RawClient client = client()) {
            client.get("/large").readTo("\r\n\r\n");
            server.enterDraining();
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> readToClose(client));
            server.passTheDeadline();
            boolean whole = read.get(60, TimeUnit.SECONDS) == DOWNLOAD;
            await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(server.inFlight.totals())
                    .isEqualTo(whole ? new Totals(1, 0, 0, 0, 0, 0) : new Totals(0, 0, 1, 0, 0, 0));
        }
    }

    /** How many bytes came before the connection was closed or reset. */
    private static long readToClose(RawClient client) {
        long read = 0;
        try {
            for (long more = client.discard(1 << 16); more > 0; more = client.discard(1 << 16)) {
                read += more;
            }
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return read;
    }

    @Test
    void probesAreCountedButDoNotResetTheQuiet() throws IOException {
        String[] agents = {"kube-probe/1.30", "curl/8.0"};
        for (String agent : Arrays.asList(agents)) {
            try (RawClient client = client()) {
                client.send("GET /hello HTTP/1.1", "Host: localhost", "User-Agent: " + agent, "");
                client.readAnswer();
            }
        }
        await().untilAsserted(
                        () -> assertThat(server.inFlight.totals().served()).isEqualTo(2));
    }

    @Test
    void refusedUploadIsReadToItsEndThroughStateChanges() throws Exception {
        try (RawClient holder = client();
                RawClient client = client()) {
            holder.get("/held");
            RoutingContext context = takeHeld();
            server.enterDraining();
            client.sendBytes(upload("/upload")).sendBytes(new byte[1000]);
            assertThat(client.readAnswer()).contains("503 Service Unavailable");
            end(context, "late");
            await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
            client.sendBytes(new byte[UPLOAD - 1000]);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 1, 0, 0, 0, 0));
    }

    @Test
    void uploadAnsweredEarlyIsReadToItsEndThroughStateChanges() throws Exception {
        try (RawClient client = client()) {
            client.sendBytes(upload("/early")).sendBytes(new byte[1000]);
            assertThat(client.readAnswer()).endsWith("early");
            server.enterDraining();
            await().untilAsserted(
                            () -> assertThat(server.finalResponses.allEnded()).isNotDone());
            client.sendBytes(new byte[UPLOAD - 1000]);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void lastAnswerIsEarlyAndTheReleaseWaitsForItsUpload() throws Exception {
        try (RawClient client = client()) {
            client.sendBytes(upload("/held")).sendBytes(new byte[1000]);
            RoutingContext context = takeHeld();
            server.enterDraining();
            end(context, "early");
            await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
            server.time.runPending();
            assertThat(server.drain.whenReleaseDue()).isCompleted();
            assertThat(server.finalResponses.allEnded()).isNotDone();
            assertThat(client.readAnswer()).endsWith("early");
            client.sendBytes(new byte[UPLOAD - 1000]);
            assertThat(client.readToEnd()).isEmpty();
        }
        await().untilAsserted(() -> assertThat(server.finalResponses.allEnded()).isDone());
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void answerIsInFlightUntilItsLastByteHasLeftWithoutALameDuckToo() throws Exception {
        try (RawClient client = client()) {
            client.get("/large").readTo("\r\n\r\n");
            server.drain.trigger(Trigger.SIGINT);
            server.time.runPending();
            assertThat(server.drain.state()).isEqualTo(DrainState.DRAINING);
            assertThat(server.inFlight.count()).isOne();
            assertThat(client.readToEnd()).hasSize(DOWNLOAD);
        }
        await().untilAsserted(() -> assertThat(server.drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(server.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void nothingIsDispatchedOnADeadConnection() throws Exception {
        try (RawClient client = client()) {
            String one = "GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.write(one + one + one);
            takeHeld();
        }
        await().untilAsserted(() -> assertThat(server.inFlight.totals().left()).isOne());
        assertThat(executed).hasValue(1);
        assertThat(server.inFlight.count()).isZero();
    }
}

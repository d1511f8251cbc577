package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import dev.lastcall.http.RawClient;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The application's traffic in every stage of a drain. */
class DrainedSidecarTest {
    /** More than the kernel keeps of an answer. */
    private static final int LARGE = 8 << 20;

    private final CountDownLatch release = new CountDownLatch(1);
    private final Upstream upstream = new Upstream(client -> {
        while (true) {
            String path = client.readTo("\r\n\r\n").split(" ", 3)[1];
            switch (path) {
                case "/held" -> {
                    release.await(60, TimeUnit.SECONDS);
                    client.send("HTTP/1.1 200 OK", "Content-Length: 4", "").write("held");
                }
                case "/events", "/half" -> {
                    client.send("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked", "");
                    client.send("a", "data: one\n");
                    client.send("1", "\n");
                    if (path.equals("/half")) {
                        client.send("4", "data");
                        release.await(60, TimeUnit.SECONDS);
                        client.send("7", ": two\n\n");
                    }
                    client.readToEnd();
                    throw new InterruptedException("cancelled");
                }
                case "/chat" -> {
                    client.send("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked", "");
                    client.send("2a", "data: {\"object\": \"chat.completion.chunk\"}\n");
                    client.send("1", "\n");
                    client.readToEnd();
                    throw new InterruptedException("cancelled");
                }
                case "/large" ->
                    client.send("HTTP/1.1 200 OK", "Content-Length: " + LARGE, "")
                            .sendBytes(new byte[LARGE]);
                default ->
                    client.send("HTTP/1.1 200 OK", "Content-Length: 5", "").write("hello");
            }
        }
    });
    private final ServedSidecar sidecar = new ServedSidecar(upstream.port());

    @AfterEach
    void close() {
        sidecar.close();
        upstream.close();
    }

    private void awaitInFlight(EntryClass kind) {
        await().untilAsserted(() -> assertThat(sidecar.inFlight.countByClass()).containsEntry(kind, 1L));
    }

    @Test
    void lameDuckServesAndSaysClose() throws Exception {
        try (RawClient client = sidecar.client()) {
            assertThat(client.get("/hello").readAnswer()).doesNotContainIgnoringCase("connection: close");
            sidecar.enterLameDuck();
            assertThat(client.get("/hello").readAnswer()).containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    /** The server closes such a connection with the answer: its client has not left. */
    @Test
    void clientThatAsksForTheCloseIsServed() throws Exception {
        sidecar.enterLameDuck();
        try (RawClient client = sidecar.client()) {
            client.send("GET /hello HTTP/1.1", "Host: a", "Connection: close", "");
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .endsWith("hello");
        }
        await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
    }

    /** From one whose answer has just begun to one whose last bytes are in the kernel: of some in between the last ones are the sidecar's. */
    @Test
    void slowReadersGetTheLastBytesAlsoWithoutALameDuck() throws Exception {
        int readers = 12;
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < readers; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(8 << 10);
                socket.connect(new InetSocketAddress("localhost", sidecar.port()));
                RawClient client = new RawClient(socket);
                clients.add(client);
                client.get("/large").readTo("\r\n\r\n");
                client.discard(i * (long) LARGE / readers);
            }
            sidecar.drain.trigger(Trigger.SIGINT);
            sidecar.time.runPending();
            assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINING);
            for (int i = 0; i < readers; i++) {
                int rest = LARGE - (int) (i * (long) LARGE / readers);
                assertThat(clients.get(i).readToEnd()).hasSize(rest);
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(readers, 0, 0, 0, 0, 0));
    }

    @Test
    void drainingRefusesTheNewAndWaitsForTheOld() throws Exception {
        try (RawClient old = sidecar.client();
                RawClient late = sidecar.client()) {
            old.get("/held");
            awaitInFlight(EntryClass.UNARY);
            sidecar.enterDraining();
            assertThat(late.get("/hello").readAnswer())
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("x-should-retry: true");
            assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINING);
            release.countDown();
            assertThat(old.readAnswer())
                    .containsIgnoringCase("connection: close")
                    .endsWith("held");
            await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 1, 0, 0, 0, 0));
        }
    }

    @Test
    void refusalComesInsteadOfTheContinueAndTheApplicationGetsNothing() throws Exception {
        sidecar.enterDraining();
        try (RawClient client = sidecar.client()) {
            client.send("POST /held HTTP/1.1", "Host: a", "Content-Length: 5", "Expect: 100-continue", "");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 503");
        }
        assertThat(upstream.connections).hasValue(0);
    }

    @Test
    void cancelledStreamEndsBetweenTwoEvents() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.get("/events").readTo("data: one\n");
            awaitInFlight(EntryClass.STREAM);
            client.readTo("\r\n\n\r\n");
            sidecar.enterDraining();
            assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINING);
            sidecar.enterCancelling();
            assertThat(client.readTo("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
            await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
        }
        await().untilAsserted(() -> assertThat(upstream.failures).anyMatch(InterruptedException.class::isInstance));
    }

    /** Its SDK would take a chat without {@code [DONE]} for whole, if it ended properly. */
    @Test
    void answerOfAModelIsBrokenOffBehindAWholeEvent() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.get("/chat").readTo("chunk\"}\n");
            awaitInFlight(EntryClass.STREAM);
            client.readTo("\r\n\n\r\n");
            sidecar.enterDraining();
            sidecar.enterCancelling();
            assertThat(client.readToEnd()).isEmpty();
            await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(sidecar.inFlight.totals().brokenOff()).isOne();
            assertThat(sidecar.inFlight.totals().cut()).isZero();
        }
        await().untilAsserted(() -> assertThat(upstream.failures).anyMatch(InterruptedException.class::isInstance));
    }

    @Test
    void cancelledStreamFinishesTheEventUnderWay() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.get("/half").readTo("\r\ndata\r\n");
            sidecar.enterDraining();
            sidecar.enterCancelling();
            release.countDown();
            assertThat(client.readTo("\r\n0\r\n\r\n")).contains(": two\n\n");
            await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
        }
    }

    @Test
    void exchangeThatDoesNotEndIsCutOnBothSides() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.get("/held");
            awaitInFlight(EntryClass.UNARY);
            sidecar.enterDraining();
            sidecar.passTheDeadline();
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .isEmpty();
            // The client sees the end of its connection before the drain counts it.
            await().untilAsserted(() -> assertThat(sidecar.drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
            assertThat(sidecar.inFlight.cuts().named()).singleElement().satisfies(cut -> assertThat(cut.path())
                    .isEqualTo("/held"));
        }
    }
}

package dev.lastcall.lineserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.Futures;
import io.netty.channel.Channel;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets, on a drain whose clock only its test moves. */
class LineServerTest {
    private static final int MAX_LINE = 100;

    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final Vertx vertx = Vertx.vertx();
    private final LineServer server = new LineServer(new Config(MAX_LINE), inFlight, vertx);
    private final Channel listener = server.listen(0);

    private record Config(long longest) implements LineServerConfig {
        @Override
        public OptionalInt port() {
            return OptionalInt.of(0);
        }

        @Override
        public MemorySize maxLine() {
            return new MemorySize(BigInteger.valueOf(longest));
        }
    }

    @AfterEach
    void close() {
        listener.close().syncUninterruptibly();
        Futures.await(vertx.close());
    }

    private RawClient connect() throws IOException {
        return new RawClient(LineServer.port(listener));
    }

    private static String rest(RawClient client) throws IOException {
        return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
    }

    private void enterDraining() {
        drain.trigger(Trigger.SIGTERM);
        time.runPending();
        time.advance(Duration.ofSeconds(10));
        assertThat(drain.state()).isIn(DrainState.DRAINING, DrainState.DRAINED);
    }

    private void enterCancelling() {
        time.advance(Duration.ofSeconds(12));
    }

    @Test
    void linesComeBackAndTheConnectionIsCountedOnce() throws IOException {
        try (RawClient client = connect()) {
            client.write("one\ntw");
            assertThat(client.readTo("\n")).isEqualTo("one\n");
            client.write("o\r\n\nthree\n");
            assertThat(client.readTo("three\n")).isEqualTo("two\r\n\nthree\n");
            assertThat(inFlight.countByClass()).containsEntry(EntryClass.TCP, 1L);
        }
        await().untilAsserted(() -> assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
    }

    @Test
    void clientThatEndsItsSideGetsAllThatItSent() throws Exception {
        String lines = "a line that is neither short nor long\n".repeat(50_000) + "the last has no end";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), LineServer.port(listener));
                RawClient client = new RawClient(socket)) {
            Thread sender = new Thread(() -> {
                try {
                    client.write(lines);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            assertThat(rest(client)).isEqualTo(lines);
            sender.join(60_000);
        }
        await().untilAsserted(() -> assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
    }

    @Test
    void openConnectionsGetTheGoodbyeLineAfterTheirLastWholeLine() throws IOException {
        try (RawClient client = connect()) {
            client.write("one\n");
            client.readTo("one\n");
            enterDraining();
            client.write("two\nhalf a li");
            assertThat(client.readTo("two\n")).isEqualTo("two\n");
            assertThat(drain.state()).isEqualTo(DrainState.DRAINING);
            enterCancelling();
            assertThat(rest(client)).isEqualTo("Server is shutting down. Goodbye!\n");
        }
        await().untilAsserted(() -> assertThat(drain.state()).isEqualTo(DrainState.DRAINED));
        assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void clientThatDoesNotCloseIsClosedASecondBehindTheGoodbye() throws IOException {
        try (RawClient client = connect()) {
            client.write("one\n");
            client.readTo("one\n");
            enterDraining();
            enterCancelling();
            client.readTo("Goodbye!\n");
            await().untilAsserted(() -> assertThat(drain.state()).isEqualTo(DrainState.DRAINED));
            assertThat(inFlight.totals().cut()).isZero();
        }
    }

    @Test
    void clientsThatGotTheirGoodbyeAreNotCutHoweverLongTheyTakeToClose() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                clients.add(connect());
                clients.get(i).write("one\n");
                clients.get(i).readTo("one\n");
            }
            enterDraining();
            enterCancelling();
            for (RawClient each : clients) {
                each.readTo("Goodbye!\n");
            }
            await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
            time.advance(Duration.ofSeconds(10));
            assertThat(inFlight.totals().cut()).isZero();
            assertThat(inFlight.totals().served()).isEqualTo(50);
        } finally {
            for (RawClient each : clients) {
                each.close();
            }
        }
    }

    @Test
    void lateClientGetsTheGoodbyeLineAndIsCountedAsRejected() throws IOException {
        try (RawClient early = connect()) {
            early.write("one\n");
            early.readTo("one\n");
            enterDraining();
            try (RawClient late = connect()) {
                late.write("hello?\n");
                assertThat(rest(late)).isEqualTo("Server is shutting down. Goodbye!\n");
            }
            assertThat(inFlight.totals().rejected()).isOne();
        }
    }

    @Test
    void undrainedItServesAgain() throws IOException {
        drain.trigger(Trigger.OPERATOR);
        time.runPending();
        time.advance(Duration.ofMinutes(1));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        drain.undrain();
        try (RawClient client = connect()) {
            client.write("back\n");
            assertThat(client.readTo("\n")).isEqualTo("back\n");
        }
    }

    @Test
    void lineThatIsTooLongEndsTheConnectionWithItsReason() throws IOException {
        String longest = "x".repeat(MAX_LINE) + "\n";
        for (String tooLong : new String[] {"x" + longest, "x".repeat(MAX_LINE + 1)}) {
            try (RawClient client = connect()) {
                client.write(longest + tooLong);
                assertThat(rest(client)).isEqualTo(longest + "line too long (expected: at most 100 bytes). Goodbye!\n");
            }
        }
    }

    /** Sends until nothing more is taken, without reading. */
    private static long fill(RawClient client, AtomicLong sent) throws Exception {
        byte[] lines = "a line\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        Thread sender = new Thread(() -> {
            try {
                while (true) {
                    client.sendBytes(lines);
                    sent.addAndGet(lines.length);
                }
            } catch (IOException e) {
                // Cut.
            }
        });
        sender.setDaemon(true);
        sender.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            long before = sent.get();
            TimeUnit.MILLISECONDS.sleep(500);
            return before > 0 && before == sent.get();
        });
        return sent.get();
    }

    @Test
    void clientThatDoesNotReadIsNotReadAndCutAtTheDeadline() throws Exception {
        try (RawClient client = connect()) {
            AtomicLong sent = new AtomicLong();
            assertThat(fill(client, sent)).as("what the sockets' buffers hold").isLessThan(64 << 20);
            enterDraining();
            enterCancelling();
            assertThat(drain.state()).isEqualTo(DrainState.CANCELLING);
            time.advance(Duration.ofSeconds(3));
            assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
            assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
            assertThat(inFlight.cuts().named()).singleElement().satisfies(cut -> assertThat(cut.path())
                    .isEqualTo("line-server"));
        }
    }

    @Test
    void clientThatVanishesHasLeft() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), LineServer.port(listener))) {
            socket.setSoLinger(true, 0);
            await().untilAsserted(() -> assertThat(inFlight.count()).isOne());
        }
        await().untilAsserted(() -> assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
    }

    @Test
    void portThatIsTakenIsNamed() {
        int taken = LineServer.port(listener);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> server.listen(taken))
                .withMessageStartingWith("lastcall.line-server.port: " + taken + " (expected: a port that is free;");
    }

    @Test
    void lineLengthThatMakesNoSenseIsNamed() {
        LineServer wrong = new LineServer(new Config(0), inFlight, vertx);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> wrong.listen(0))
                .withMessageStartingWith("lastcall.line-server.max-line: 0 (expected: ");
    }
}

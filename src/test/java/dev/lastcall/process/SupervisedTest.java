package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.process.ProcessConfig.Restart;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs; the pauses are the test's. */
class SupervisedTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final FakeTime time = new FakeTime();
    private final Vertx vertx = Vertx.vertx();
    private final List<Integer> gone = new CopyOnWriteArrayList<>();
    private final List<Supervised> started = new ArrayList<>();

    @TempDir
    Path directory;

    private Path starts;

    @BeforeEach
    void nothingHasStarted() throws IOException {
        starts = Files.createFile(directory.resolve("starts"));
    }

    @AfterEach
    void nothingIsLeft() {
        started.forEach(Supervised::kill);
        vertx.close();
    }

    private Supervised supervise(ProcessConfig.Settings settings, Time clock) {
        Supervised supervised = new Supervised(
                Program.of("app", settings), new ReadyProbe(vertx, clock), clock, gone::add, () -> LIMIT);
        started.add(supervised);
        return supervised;
    }

    private void start(TestProgram settings) {
        assertThat(supervise(settings, time).start()).succeedsWithin(LIMIT);
    }

    private static void stop(Supervised supervised) {
        supervised.stop();
        assertThat(supervised.stopped())
                .succeedsWithin(LIMIT)
                .extracting(Supervised.Stopped::killed)
                .isEqualTo(0);
    }

    /** A shell that notes its start, and then does what the rest says. */
    private TestProgram shell(String rest) {
        return TestProgram.running("sh -c 'echo $$ >>" + starts + "; " + rest + "'");
    }

    private List<ProcessHandle> awaitStarts(int count) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Files.readAllLines(starts)).hasSize(count));
        try {
            return Files.readAllLines(starts).stream()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The exit is heard of on a thread of the JDK's; the alarm that follows it cannot be seen, only rung. */
    private void awaitRestart(int count) {
        await().atMost(LIMIT).untilAsserted(() -> {
            time.advance(SECOND);
            assertThat(Files.readAllLines(starts)).hasSize(count);
        });
    }

    /** HotSpot stops threads by SIGUSR2 for the Flight Recorder. */
    @Test
    void signalOfHotspotIsLeftToItWhereNoProgramCouldBeMeant() {
        Supervised supervised = supervise(shell("exec sleep 60"), time);

        assertThat(new PassedOnSignals(List.of()).names()).containsExactly("ALRM", "USR1", "VTALRM");
        assertThat(new PassedOnSignals(List.of(supervised)).names()).containsExactly("ALRM", "USR1", "USR2", "VTALRM");
    }

    @Test
    void crashLoopEndsWithTheLastCode() {
        start(shell("exit 3").restarted(Restart.ON_FAILURE));
        awaitRestart(3);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(gone).containsExactly(3));
        time.advance(Duration.ofMinutes(5));
        assertThat(awaitStarts(3)).isEmpty();
    }

    @Test
    void restartIsUpAgain() {
        start(shell("exec sleep 1000").restarted(Restart.ALWAYS));
        assertThat(started.get(0).isUp()).isTrue();
        awaitStarts(1).get(0).destroyForcibly();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(started.get(0).isUp()).isFalse());
        awaitRestart(2);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(started.get(0).isUp()).isTrue());
        assertThat(gone).isEmpty();
    }

    @Test
    void whatACrashLeavesBehindIsKilledBeforeTheRestart() throws IOException {
        Path child = directory.resolve("child");
        start(shell("sleep 1000 & echo $! >" + child + ".new; mv " + child + ".new " + child + "; exit 1")
                .restarted(Restart.ON_FAILURE));
        await().atMost(LIMIT).until(() -> Files.exists(child));
        var first = ProcessHandle.of(Long.parseLong(Files.readString(child).strip()));
        awaitRestart(2);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        first.map(process -> process.isAlive() && !ProcessTable.isZombie(process))
                                .orElse(false))
                .isFalse());
    }

    @Test
    void restartThatIsDueBehindTheStopDoesNotHappen() {
        start(shell("exit 1").restarted(Restart.ALWAYS));
        awaitStarts(1);
        await().atMost(LIMIT).until(() -> !started.get(0).isUp());
        stop(started.get(0));
        time.advance(Duration.ofMinutes(5));
        awaitStarts(1);
        assertThat(gone).isEmpty();
    }

    @Test
    void nothingStartsBehindAStop() {
        Supervised supervised = supervise(shell("exec sleep 1000"), time);
        stop(supervised);
        assertThat(supervised.start()).isCompletedExceptionally();
        awaitStarts(0);
    }

    @Test
    void exitDuringTheStopIsExpected() {
        start(shell("exec sleep 1000").restarted(Restart.ALWAYS));
        awaitStarts(1);
        stop(started.get(0));
        time.advance(Duration.ofMinutes(5));
        awaitStarts(1);
        assertThat(gone).isEmpty();
        assertThat(started.get(0).isUp()).isFalse();
    }

    @Test
    void restartThatDoesNotBecomeReadyInTimeCountsAsCrashed() {
        Path once = directory.resolve("once");
        start(shell("[ -e " + once + " ] || echo up; >" + once + "; exec sleep 1000")
                .readyAt("^up$")
                .restarted(Restart.ALWAYS));
        awaitStarts(1).get(0).destroyForcibly();
        awaitRestart(2);
        awaitRestart(3);
        assertThat(started.get(0).isUp()).isFalse();
        await().atMost(LIMIT).untilAsserted(() -> {
            time.advance(SECOND);
            assertThat(gone).containsExactly(137);
        });
    }

    @Test
    void readyUrlIsAskedUntilItsAnswerIsGood() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/health");
            var ready = supervise(shell("exec sleep 1000").readyAt(url), new SystemTime("test"))
                    .start();
            assertThat(ready).succeedsWithin(LIMIT);
            assertThat(asked).hasValue(3);
        } finally {
            server.stop(0);
        }
    }

    /** At the deadline there is no time to wait for whoever holds the monitor. */
    @Test
    void killDoesNotWaitForAStartThatTakesItsTime() {
        start(shell("exec sleep 1000"));
        ProcessHandle program = awaitStarts(1).get(0);
        Thread killer = new Thread(started.get(0)::kill);
        synchronized (started.get(0)) {
            killer.start();
            assertThat(program.onExit()).succeedsWithin(LIMIT);
        }
    }

    @Test
    void streamIsReadyByItsHeadAndIsClosedThen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            List<Socket> asked = new CopyOnWriteArrayList<>();
            answer(server, asked, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: x\n\n");
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/events");
            assertThat(supervise(shell("exec sleep 1000").readyAt(url), new SystemTime("test"))
                            .start())
                    .succeedsWithin(LIMIT);
            for (Socket each : asked) {
                each.setSoTimeout((int) LIMIT.toMillis());
                assertThat(new String(each.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("GET /events HTTP/1.1");
                each.close();
            }
        }
    }

    @Test
    void redirectCountsAsReadyAndIsNotFollowed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            answer(
                    server,
                    new CopyOnWriteArrayList<>(),
                    "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:" + other.getLocalPort()
                            + "/\r\n\r\n");
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            assertThat(supervise(shell("exec sleep 1000").readyAt(url), new SystemTime("test"))
                            .start())
                    .succeedsWithin(LIMIT);
            other.setSoTimeout(300);
            assertThatThrownBy(other::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Each question, of which a busy machine may see more than one. */
    private static void answer(ServerSocket server, List<Socket> asked, String answer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Socket next = server.accept();
                            asked.add(next);
                            next.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                        }
                    } catch (IOException closed) {
                        // The end of the test.
                    }
                },
                "answers");
        thread.setDaemon(true);
        thread.start();
    }
}

package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.testing.ChildProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways in which programs are asked to end; shells that write down what they hear. */
class StopTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self"));

    private final Vertx vertx = Vertx.vertx();
    private final SystemTime time = new SystemTime("test");
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            said.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    Path directory;

    private @Nullable Supervised supervised;

    @BeforeEach
    void listen() {
        Logger.getLogger("dev.lastcall.process.app").addHandler(listener);
    }

    @AfterEach
    void nothingIsLeft() {
        Logger.getLogger("dev.lastcall.process.app").removeHandler(listener);
        if (supervised != null) {
            supervised.kill();
        }
        vertx.close();
    }

    private void start(TestProgram settings) {
        Supervised fresh = new Supervised(
                Program.of("app", settings.readyAt("^up$")),
                new ReadyProbe(vertx, time),
                time,
                code -> {},
                () -> LIMIT);
        supervised = fresh;
        assertThat(fresh.start()).succeedsWithin(LIMIT);
    }

    private Supervised started() {
        return Objects.requireNonNull(supervised);
    }

    private void start(String script, Map<String, String> how) throws IOException {
        Path file = Files.writeString(directory.resolve("program"), script);
        start(TestProgram.running("sh " + file).stopped(how));
    }

    private Supervised.Stopped stop() {
        started().stop();
        assertThat(started().stopped()).succeedsWithin(LIMIT);
        return started().stopped().join();
    }

    /** A pool of workers whose main process lets them end their tasks: a TERM for the worker would lose one. */
    private static final String POOL = """
            sh -c 'trap "echo worker was asked; exit 9" TERM; touch "$0/there"
              while [ ! -e "$0/finish" ]; do sleep 0.05; done; sleep 0.3; echo task done' %s &
            trap 'touch %s/finish; wait; echo main done; exit 3' TERM
            while [ ! -e %s/there ]; do sleep 0.05; done
            echo up
            while :; do wait; done
            """;

    private String pool() {
        return POOL.formatted(directory, directory, directory);
    }

    @Test
    void mainProcessAloneIsAskedAndEndsItsWorkers() throws IOException {
        start(pool(), Map.of());
        Supervised.Stopped stopped = stop();
        assertThat(said).containsSequence("task done", "main done").doesNotContain("worker was asked");
        assertThat(stopped.killed()).isZero();
        assertThat(started().lastExit()).isEqualTo("exit-code=3");
    }

    @Test
    void wholeTreeIsAskedWhereThatIsWanted() throws IOException {
        start(pool(), Map.of("stop-scope", "tree"));
        stop();
        assertThat(said).contains("worker was asked").doesNotContain("task done");
    }

    @ParameterizedTest
    @CsvSource({"root", "tree"})
    void whoIsStartedInTheStopIsNotAsked(String scope) throws IOException {
        start("""
                trap 'sh -c "trap \\"echo helper was asked\\" TERM; sleep 0.5; echo flushed" & wait; exit 0' TERM
                echo up
                while :; do sleep 0.05; done
                """, Map.of("stop-scope", scope));
        assertThat(stop().killed()).isZero();
        assertThat(said).contains("flushed").doesNotContain("helper was asked");
    }

    @Test
    void newcomersThatStayAreKilledAtTheEnd() throws IOException {
        Path file = Files.writeString(
                directory.resolve("program"),
                "trap 'sleep 1000 & echo left behind; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        start(TestProgram.running("sh " + file).within(LIMIT, Duration.ofSeconds(2)));
        assertThat(stop().killed()).isOne();
        assertThat(said).contains("left behind");
    }

    /** A shell in front of a program is ended by the signal and passes nothing on: the program is asked then, and heard to its end. */
    @Test
    void programBehindAShellIsAskedWhenTheShellWasEndedByTheSignal() throws IOException {
        Path program = Files.writeString(
                directory.resolve("behind"),
                "trap 'for i in 1 2 3 4 5; do echo last $i; sleep 0.1; done; exit 0' TERM; echo up; while :; do sleep"
                        + " 0.05; done");
        start(TestProgram.running("sh -c 'sh " + program + "; true'"));
        assertThat(stop().killed()).isZero();
        assertThat(said).contains("last 1", "last 5");
        assertThat(started().lastExit()).isEqualTo("exit-code=143 signal=TERM");
    }

    @Test
    void outputIsReadUntilItsLastHolderHasClosedIt() throws IOException {
        start("""
                (i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo tick $i; sleep 0.05; done) &
                trap 'exit 0' TERM
                echo up
                while :; do sleep 0.05; done
                """, Map.of());
        assertThat(stop().killed()).isZero();
        assertThat(said).filteredOn(line -> line.startsWith("tick")).hasSize(20).endsWith("tick 20");
    }

    @ParameterizedTest
    @CsvSource({"QUIT", "INT", "SIGUSR1", "hup"})
    void otherSignalsAsk(String signal) throws IOException {
        start("""
                trap 'echo wrong; exit 1' TERM
                for each in QUIT INT USR1 HUP; do trap "echo heard $each; exit 0" $each; done
                echo up
                while :; do sleep 0.05; done
                """, Map.of("stop-signal", signal));
        assertThat(stop().killed()).isZero();
        String bare = signal.toUpperCase(java.util.Locale.ROOT).replace("SIG", "");
        assertThat(said).contains("heard " + bare).doesNotContain("wrong");
        assertThat(started().lastExit()).isEqualTo("exit-code=0");
    }

    @Test
    void secondSignalComesBeforeTheKill() throws IOException {
        start("""
                trap 'echo asked' TERM
                trap 'echo asked again; exit 5' QUIT
                echo up
                while :; do sleep 0.05; done
                """, Map.of("second-signal", "QUIT", "second-signal-after", "PT0.5S"));
        assertThat(stop().killed()).isZero();
        assertThat(said).containsSubsequence("asked", "asked again");
        assertThat(started().lastExit()).isEqualTo("exit-code=5");
    }

    @Test
    void stoppedProgramIsContinued() throws Exception {
        assumeTrue(LINUX);
        start("trap 'echo asked; exit 0' TERM; echo $$; echo up; while :; do sleep 0.05; done", Map.of());
        long pid = Long.parseLong(said.get(0));
        ChildProcess.signal("STOP", pid);
        await().atMost(LIMIT).until(() -> ProcessTable.row(pid).orElseThrow().isStopped());
        assertThat(stop().killed()).isZero();
        assertThat(said).contains("asked");
    }

    /** The JVM's own block of SIGQUIT would be inherited, and a program's handler for it never run. */
    @Test
    void noSignalIsBlockedInAProgram() throws IOException {
        assumeTrue(LINUX);
        start("grep SigBlk /proc/self/status; echo up; exec sleep 1000", Map.of());
        assertThat(said).first().asString().matches("SigBlk:\\s*0+");
        stop();
    }

    @Test
    void whoEndedAsAskedTellsItsSignal() throws IOException {
        start("echo up; exec sleep 1000", Map.of());
        stop();
        assertThat(started().lastExit()).isEqualTo("exit-code=143 signal=TERM");
    }

    /** A look reads the table of processes once, whatever the number of members. */
    @Test
    void manyChildrenAreStoppedInOneGo() throws IOException {
        assumeTrue(LINUX);
        start("""
                i=0; while [ $i -lt 300 ]; do i=$((i+1)); sleep 1000 & done
                echo up
                wait
                """, Map.of("stop-scope", "tree"));
        assertThat(stop().killed()).isZero();
    }
}

package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.drain.SystemTime;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tiny programs in several languages that fork, speak and end as few do: each is stopped once, and what it said and how it ended is known. */
class OddProgramsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Vertx vertx = Vertx.vertx();
    private final SystemTime time = new SystemTime("test");
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
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
    Path directory = Path.of("");

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

    /**
     * One program.
     *
     * @param exit what is told of its main process
     * @param killed how many had to be
     * @param last what it has to have said, in this order
     */
    private record Odd(
            String what,
            String with,
            String script,
            Map<String, String> how,
            String exit,
            int killed,
            List<String> last) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Odd odd(String what, String with, String exit, int killed, String script, String... last) {
        return new Odd(what, with, script, Map.of(), exit, killed, List.of(last));
    }

    static Stream<Odd> programs() {
        return Stream.of(
                odd("a daemon by a double fork goes on writing", "python3", "exit-code=0", 0, """
                        import os, signal, sys, time
                        def end(*_): print("main gone", flush=True); os._exit(0)
                        if os.fork() == 0:
                            os.setsid()
                            if os.fork() == 0:
                                for i in range(10): time.sleep(0.1); print("daemon", i, flush=True)
                                os._exit(0)
                            os._exit(0)
                        os.wait(); signal.signal(signal.SIGTERM, end); print("up", flush=True)
                        while True: time.sleep(1)
                        """, "daemon 9"),
                odd("output is closed by the program itself", "python3", "exit-code=4", 0, """
                        import os, signal, time
                        signal.signal(signal.SIGTERM, lambda *_: os._exit(4))
                        print("up", flush=True); os.close(1); os.close(2)
                        while True: time.sleep(1)
                        """),
                odd("10 MB are said in the stop", "bash", "exit-code=0", 0, """
                        trap 'head -c 10000000 /dev/zero | tr "\\\\0" x; echo; echo all said; exit 0' TERM
                        echo up; while :; do sleep 0.05; done
                        """, "all said"),
                odd(
                        "the signal is trapped and raised again",
                        "bash",
                        "exit-code=143 signal=TERM",
                        0,
                        """
                        (trap 'echo worker asked; exit 0' TERM; touch "$0.there"; while :; do sleep 0.05; done) &
                        trap 'echo cleaned; trap - TERM; kill -TERM $$' TERM
                        while [ ! -e "$0.there" ]; do sleep 0.05; done
                        echo up; while :; do sleep 0.05; done
                        """,
                        "cleaned",
                        "worker asked"),
                odd("children are left as zombies", "perl", "exit-code=143 signal=TERM", 0, """
                        $| = 1; for (1..5) { fork or exit 0 } sleep 1; print "up\\n"; sleep 1 while 1;
                        """),
                odd(
                        "a child in a process group of its own is ended by its parent",
                        "perl",
                        "exit-code=0",
                        0,
                        """
                        $| = 1; my $child = fork; if (!$child) { setpgrp; exec 'sleep', '1000' }
                        $SIG{TERM} = sub { kill 'TERM', -$child; waitpid $child, 0; print "group ended\\n"; exit 0 };
                        sleep 1; print "up\\n"; sleep 1 while 1;
                        """,
                        "group ended"),
                odd("job control makes groups", "bash", "exit-code=0", 0, """
                        set -m; sleep 1000 & sleep 1000 &
                        trap 'kill %1 %2; wait; echo jobs ended; exit 0' TERM
                        echo up; while :; do sleep 0.05; done
                        """, "jobs ended"),
                odd("no line ever ends", "python3", "exit-code=0", 0, """
                        import os, signal, sys, time
                        def end(*_): sys.stdout.write(" and bye"); sys.stdout.flush(); os._exit(0)
                        signal.signal(signal.SIGTERM, end); sys.stdout.write("up"); sys.stdout.flush()
                        while True: time.sleep(1)
                        """, "up and bye"),
                odd("bytes are no UTF-8", "perl", "exit-code=0", 0, """
                        $| = 1; $SIG{TERM} = sub { print "\\xff\\xfe\\xc3(\\n\\0end\\n"; exit 0 }; print "up\\n"; sleep 1 while 1;
                        """, "\ufffd\ufffd\ufffd(", "\0end"),
                odd(
                        "progress bars return to the line's begin",
                        "bash",
                        "exit-code=0",
                        0,
                        """
                        for i in $(seq 200); do printf '\\r%d %%' $i; done; printf '\\r\\nup\\n'
                        trap 'for i in 1 2 3; do printf "\\rending %d" $i; done; exit 0' TERM; while :; do sleep 0.05; done
                        """,
                        "200 %",
                        "up",
                        "ending 1",
                        "ending 3"),
                odd("100 000 lines are said in the stop", "perl", "exit-code=0", 0, """
                        $SIG{TERM} = sub { print "line $_\\n" for 1..100000; exit 0 }; $| = 1; print "up\\n"; $| = 0; sleep 1 while 1;
                        """, "line 1", "line 100000"),
                odd("node ends a moment later", "node", "exit-code=5", 0, """
                        process.on('SIGTERM', () => { console.log('closing'); setTimeout(() => { console.log('closed'); process.exit(5) }, 300) });
                        console.log('up'); setInterval(() => {}, 1000);
                        """, "closing", "closed"),
                odd("another signal ends it", "bash", "exit-code=134 signal=ABRT", 0, """
                        ulimit -c 0; trap 'echo giving up; kill -ABRT $$' TERM; echo up; while :; do sleep 0.05; done
                        """, "giving up"),
                odd("its code is 255", "perl", "exit-code=255", 0, """
                        $| = 1; $SIG{TERM} = sub { exit 255 }; print "up\\n"; sleep 1 while 1;
                        """),
                odd("standard input is read to its end", "bash", "exit-code=0", 0, """
                        cat; echo up; trap 'read x || echo nothing; exit 0' TERM; while :; do sleep 0.05; done
                        """, "nothing"),
                odd("its title is written over its environment", "perl", "exit-code=143 signal=TERM", 0, """
                        $0 = "x" x 5000; $| = 1; print "up\\n"; sleep 1 while 1;
                        """),
                odd("it forks all the while that it stops", "bash", "exit-code=0", 0, """
                        trap 'for i in $(seq 100); do (sleep 0.01; echo helper $i) & done; wait; exit 0' TERM
                        echo up; while :; do sleep 0.05; done
                        """, "helper 7"),
                odd(
                        "a megabyte without an end of line",
                        "python3",
                        "exit-code=0",
                        0,
                        """
                        import os, signal, sys, time
                        def end(*_): sys.stdout.write("y" * 1048576); sys.stdout.flush(); os._exit(0)
                        signal.signal(signal.SIGTERM, end); print("up", flush=True)
                        while True: time.sleep(1)
                        """,
                        "y".repeat(Output.LONGEST_LINE)),
                odd("it speaks to the error output alone", "bash", "exit-code=0", 0, """
                        trap 'echo ended >&2; exit 0' TERM; exec 1>/dev/null; echo up >&2; while :; do sleep 0.05; done
                        """, "ended"),
                new Odd(
                        "a descendant hides without environment, in a session of its own, and is deaf",
                        "python3",
                        """
                        import os, signal, subprocess, time
                        subprocess.Popen(["/bin/sh", "-c", "trap '' TERM; echo hidden; while :; do sleep 1; done"], env={}, start_new_session=True)
                        time.sleep(0.3); signal.signal(signal.SIGTERM, lambda *_: os._exit(0)); print("up", flush=True)
                        while True: time.sleep(1)
                        """,
                        Map.of("timeout", "PT1S"),
                        "exit-code=0",
                        1,
                        List.of("hidden")),
                new Odd(
                        "it hears only the second signal",
                        "bash",
                        """
                        trap 'echo first' TERM; trap 'echo second; exit 6' QUIT; echo up; while :; do sleep 0.05; done
                        """,
                        Map.of("second-signal", "QUIT", "second-signal-after", "PT0.3S"),
                        "exit-code=6",
                        0,
                        List.of("first", "second")),
                new Odd(
                        "it stops itself when it is asked",
                        "bash",
                        """
                        trap 'kill -STOP $$' TERM; echo up; while :; do sleep 0.05; done
                        """,
                        Map.of("timeout", "PT1S"),
                        "exit-code=137 signal=KILL",
                        1,
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void endsAsItWantsAndNothingItSaidIsLost(Odd odd) throws IOException {
        assumeTrue(
                Executables.find(odd.with(), directory, System.getenv("PATH")).isPresent(),
                odd.with() + " is not here");
        Path file = Files.writeString(directory.resolve("program"), odd.script());
        Duration timeout = Duration.parse(odd.how().getOrDefault("timeout", "PT60S"));
        Supervised running = new Supervised(
                Program.of(
                        "app",
                        TestProgram.running(odd.with() + " " + file)
                                .stopped(odd.how())
                                .within(LIMIT, timeout)
                                .readyAt("^up$")),
                new ReadyProbe(vertx, time),
                time,
                code -> {},
                () -> LIMIT);
        supervised = running;
        assertThat(running.start()).succeedsWithin(LIMIT);
        running.stop();
        assertThat(running.stopped()).succeedsWithin(LIMIT);
        // A helper of the shell's, a sleep, may be among those that are left.
        int killed = running.stopped().join().killed();
        assertThat(killed > 0).as("killed %d", killed).isEqualTo(odd.killed() > 0);
        assertThat(running.lastExit()).isEqualTo(odd.exit());
        assertThat(said).containsAll(odd.last());
        if (odd.what().startsWith("100 000")) {
            assertThat(said).filteredOn(line -> line.startsWith("line ")).hasSize(100_000);
        }
        if (odd.what().startsWith("10 MB")) {
            assertThat(said.stream()
                            .filter(line -> line.matches("x+"))
                            .mapToInt(String::length)
                            .sum())
                    .isEqualTo(10_000_000);
        }
    }
}

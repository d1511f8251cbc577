package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.OrphanReaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real processes. */
class ProcessTreeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final boolean LINUX = Files.isDirectory(Path.of("/proc/self"));

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void nobodyIsLeft() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Spawns a shell whose script prints the pid of one child of its own, and returns once that is printed. */
    private ProcessTree run(String script) throws IOException {
        Spawn.Spawned spawned = new Spawn(TestProgram.of("sh", "-c", script)).start();
        OrphanReaper.watchChildren();
        started.add(spawned.process().toHandle());
        var output = new BufferedReader(new InputStreamReader(spawned.output(), StandardCharsets.UTF_8));
        started.add(ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow());
        return spawned.tree();
    }

    private static StopPlan wholeTree(Duration timeout) {
        return new StopPlan(UnixSignal.TERM, true, Optional.empty(), timeout, timeout);
    }

    private static boolean lives(ProcessHandle process) {
        return process.isAlive() && !ProcessTable.isZombie(process);
    }

    @Test
    void termEndsTheProgramAndItsChild() throws Exception {
        ProcessTree tree = run("sleep 1000 & echo $!; wait");
        assertThat(tree.living()).containsExactlyInAnyOrderElementsOf(started);
        assertThat(tree.stop(wholeTree(LONG))).isZero();
        assertThat(started).noneMatch(ProcessTreeTest::lives);
    }

    @Test
    void childThatOutlivesItsParentAndIsDeafIsKilled() throws Exception {
        // The shell ends at once; its child ignores TERM and belongs to init by the time of the kill.
        ProcessTree tree = run("(trap '' TERM; while :; do sleep 1; done) & echo $!; wait");
        assertThat(tree.stop(wholeTree(Duration.ofMillis(500)))).isPositive();
        assertThat(started).noneMatch(ProcessTreeTest::lives);
    }

    @Test
    void childOfAParentThatEndedBeforeIsFoundByItsSession() throws Exception {
        assumeTrue(LINUX);
        // Without its environment.
        ProcessTree tree = run("env -i sleep 1000 & echo $!");
        await().until(() -> !started.get(0).isAlive());
        assertThat(tree.living()).containsExactly(started.get(1));
        assertThat(tree.stop(wholeTree(LONG))).isZero();
        assertThat(started).noneMatch(ProcessTreeTest::lives);
    }

    @Test
    void daemonInASessionOfItsOwnIsFoundByItsMark() throws Exception {
        assumeTrue(LINUX);
        ProcessTree tree = run("setsid sleep 1000 >/dev/null & echo $!");
        await().until(() -> !started.get(0).isAlive());
        await().untilAsserted(() -> assertThat(tree.living())
                .singleElement()
                .extracting(process -> process.info().commandLine().orElse(""))
                .asString()
                .endsWith("sleep 1000"));
        started.addAll(tree.living());
        assertThat(tree.kill()).isOne();
        await().untilAsserted(() -> assertThat(started).noneMatch(ProcessTreeTest::lives));
    }

    @Test
    void leaderOfItsSessionIsOutOfReachOfOurTerminal() throws Exception {
        assumeTrue(LINUX);
        run("sleep 1000 & echo $!; wait");
        long ours = ProcessTable.session(ProcessHandle.current()).orElseThrow();
        assertThat(started).allSatisfy(process -> assertThat(ProcessTable.session(process))
                .hasValue(started.get(0).pid()));
        assertThat(ours).isNotEqualTo(started.get(0).pid());
    }

    @Test
    void endedChildWhoseParentDoesNotAskIsNoReasonToKill() throws Exception {
        assumeTrue(LINUX);
        // The shell becomes a program that never waits for its child, which stays a zombie until that ends.
        ProcessTree tree = run("sleep 0 & echo $!; exec sleep 1000");
        await().until(() -> ProcessTable.isZombie(started.get(1)));
        assertThat(started.get(1).isAlive()).as("what Java says of it").isTrue();
        assertThat(tree.living()).containsExactly(started.get(0));
        assertThat(tree.stop(wholeTree(LONG))).isZero();
    }

    @Test
    void interruptKillsAtOnce() throws Exception {
        ProcessTree tree = run("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1; done");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> tree.stop(wholeTree(LONG))).isInstanceOf(InterruptedException.class);
        for (ProcessHandle each : started) {
            assertThat(each.onExit()).succeedsWithin(LONG);
        }
    }

    @Test
    void strangerIsNeverOneOfThem() throws Exception {
        try (ChildProcess stranger = ChildProcess.start(Command.of("sleep", "1000"))) {
            ProcessTree tree = run("sleep 1000 & echo $!; wait");
            assertThat(tree.kill()).isEqualTo(2);
            assertThat(stranger.isRunning()).isTrue();
        }
    }
}

package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void nobodyIsLeft() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    /** Runs a script that prints the pid of one child of its own, and returns both once that is printed. */
    private List<ProcessHandle> run(String script) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        started.add(shell.toHandle());
        var output = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        started.add(ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow());
        return started;
    }

    @Test
    void termEndsTheProgramAndItsChild() throws Exception {
        List<ProcessHandle> both = run("sleep 1000 & echo $!; wait");
        assertThat(new ProcessTree(both.get(0)).stop(LONG)).isTrue();
        assertThat(both).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void childIsFoundThoughItsParentEndsFirst() throws Exception {
        // The shell ends at once; its child ignores TERM and would belong to init by the time of the kill.
        List<ProcessHandle> both = run("(trap '' TERM; echo $$ >/dev/null; while :; do sleep 1; done) & echo $!; wait");
        assertThat(new ProcessTree(both.get(0)).stop(Duration.ofMillis(500))).isFalse();
        assertThat(both).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void interruptKillsAtOnce() throws Exception {
        List<ProcessHandle> both = run("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1; done");
        ProcessTree tree = new ProcessTree(both.get(0));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> tree.stop(LONG)).isInstanceOf(InterruptedException.class);
        for (ProcessHandle each : both) {
            assertThat(each.onExit()).succeedsWithin(LONG);
        }
    }
}

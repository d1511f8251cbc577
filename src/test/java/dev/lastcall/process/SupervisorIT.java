package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged application with real programs under it. */
class SupervisorIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private static Map<String, String> supervising(String command, String... more) {
        Map<String, String> settings = ShortDrain.of("release-reserve", "4s", "grace-period", "15s");
        settings.put("lastcall.process.app.command", command);
        for (int i = 0; i < more.length; i += 2) {
            settings.put("lastcall.process.app." + more[i], more[i + 1]);
        }
        return settings;
    }

    /** A program that says its pid and then does what the rest says. */
    private static String script(String rest) {
        return "sh -c 'echo pid $$; " + rest + "'";
    }

    private static ProcessHandle process(Pod pod, String word) {
        return ProcessHandle.of(Long.parseLong(
                        pod.awaitLine("app.*" + word + " ([0-9]+)$", LIMIT).group(1)))
                .orElseThrow();
    }

    private static JsonNode release(Pod pod) {
        return new Operator(pod).report().get("release");
    }

    @Test
    void programGetsItsTermWhenTheTrafficHasEndedAndSaysGoodbye() {
        try (Pod pod = Pod.start(supervising(
                script("trap \"echo goodbye; exit 0\" TERM; echo ready; while :; do sleep 0.1; done"),
                "ready-pattern",
                "^ready$"))) {
            ProcessHandle program = process(pod, "pid");
            Operator operator = new Operator(pod);
            assertThat(operator.ask("GET", "/q/health/ready").body()).contains("\"app\": true");
            assertThat(operator.ask("GET", "/q/metrics").body()).contains("lastcall_process_up{name=\"app\"} 1.0");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(program.isAlive()).isFalse();
            assertThat(String.join("\n", pod.lines()))
                    .containsSubsequence("drain state=releasing", "[dev.lastcall.process.app]", "goodbye");
            assertThat(release(pod).findValuesAsText("step")).containsExactly("process app");
        }
    }

    @Test
    void killedProgramEndsThePodWithItsCode() {
        try (Pod pod = Pod.start(supervising(script("exec sleep 1000")))) {
            process(pod, "pid").destroyForcibly();
            assertThat(pod.exitCode(LIMIT)).isEqualTo(137);
            assertThat(new Operator(pod).report().get("triggers")).hasToString("[\"process-exit\"]");
        }
    }

    @Test
    void crashLoopEndsThePodAfterItsRestarts() {
        try (Pod pod =
                Pod.start(supervising(script("sleep 0.2; exit 3"), "restart", "on-failure", "max-restarts", "2"))) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(3);
            assertThat(pod.lines())
                    .filteredOn(line -> line.contains("process exited name=app code=3"))
                    .hasSize(3);
        }
    }

    @Test
    void podIsNotReadyUntilTheProgramIsBack() throws Exception {
        Path twice = Files.createFile(directory.resolve("first-time"));
        // The second start waits for a file before it is ready.
        String program = script("if rm " + twice + " 2>/dev/null; then echo up; else while [ ! -e " + twice
                + " ]; do sleep 0.1; done; echo up; fi; exec sleep 1000");
        try (Pod pod = Pod.start(supervising(program, "restart", "always", "ready-pattern", "^up$"))) {
            Operator operator = new Operator(pod);
            process(pod, "pid").destroyForcibly();
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            operator.ask("GET", "/q/health/ready").statusCode())
                    .isEqualTo(503));
            Files.createFile(twice);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            operator.ask("GET", "/q/health/ready").statusCode())
                    .isEqualTo(200));
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }

    @Test
    void programDeafToTermIsKilledAndReported() {
        try (Pod pod = Pod.start(
                supervising(script("trap \"\" TERM; while :; do sleep 0.1; done"), "stop-timeout", "500ms"))) {
            ProcessHandle program = process(pod, "pid");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(program.isAlive()).isFalse();
            assertThat(release(pod).findValuesAsText("cause"))
                    .singleElement()
                    .asString()
                    .contains("killed");
        }
    }

    @Test
    void grandchildIsNoOrphan() {
        try (Pod pod = Pod.start(supervising(script("sh -c \"sleep 1000 & echo grandchild \\$!; wait\"; exit 0")))) {
            ProcessHandle grandchild = process(pod, "grandchild");
            pod.signal("TERM");
            pod.exitCode(LIMIT);
            assertThat(grandchild.isAlive()).isFalse();
        }
    }

    @Test
    void haltedPodLeavesNobodyBehind() {
        Map<String, String> settings = supervising(script("trap \"\" TERM; while :; do sleep 0.1; done"));
        settings.put("lastcall.drain.grace-period", "60s");
        try (Pod pod = Pod.start(settings)) {
            ProcessHandle program = process(pod, "pid");
            Operator operator = new Operator(pod);
            pod.signal("INT");
            pod.awaitLine("drain state=releasing", LIMIT);
            for (int i = 0; i < 2; i++) {
                await().pollDelay(Duration.ofMillis(600)).until(pod::isRunning);
                pod.signal("INT");
            }
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(program.onExit()).succeedsWithin(LIMIT);
            assertThat(operator.report().get("state").asText()).isEqualTo("releasing");
        }
    }

    @Test
    void hundredThousandLinesAreForwarded() {
        String counting =
                "sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); echo line $i end; done; echo done; exec sleep"
                        + " 1000'";
        try (Pod pod = Pod.start(supervising(counting, "ready-pattern", "^done$", "ready-timeout", "60s"))) {
            assertThat(pod.lines())
                    .filteredOn(line -> line.matches(".*line [0-9]+ end$"))
                    .hasSize(100_000);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no-such-program --x       | app.command: no-such-program --x (expected: a program that can be started",
                "sh -c 'echo oh no; exit 7' | app: exited with 7 before it was ready",
                "sh -c 'echo oh no; exec sleep 1000' | app: not ready after 1000 ms",
            })
    void startThatFailsSaysWhy(String command, String message) {
        try (Pod pod = Pod.launch(supervising(command, "ready-pattern", "^ready$", "ready-timeout", "1s"))) {
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(pod.lines()).anyMatch(line -> line.contains("lastcall.process." + message));
            if (command.contains("oh no")) {
                assertThat(pod.lines()).anyMatch(line -> line.equals("  oh no"));
            }
            assertThat(ProcessHandle.of(pod.pid())).isEmpty();
        }
    }
}

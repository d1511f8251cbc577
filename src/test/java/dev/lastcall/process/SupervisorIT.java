package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application with real programs under it. */
class SupervisorIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final List<ProcessHandle> programs = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        programs.forEach(ProcessHandle::destroyForcibly);
    }

    private static Map<String, String> supervising(String command, String... more) {
        Map<String, String> settings = ShortDrain.of("grace-period", "15s");
        // The configuration takes $$ for $.
        settings.put("lastcall.process.app.command", command.replace("$", "$$"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put("lastcall.process.app." + more[i], more[i + 1]);
        }
        return settings;
    }

    /** A program that says its pid and then does what the rest says. */
    private static String script(String rest) {
        return "sh -c 'echo pid $$; " + rest + "'";
    }

    /** The one whose pid was said behind this word. */
    private ProcessHandle process(Pod pod, String word) {
        String line = "\\[dev\\.lastcall\\.process\\.app].* " + word + " ([0-9]+)$";
        ProcessHandle process = ProcessHandle.of(
                        Long.parseLong(pod.awaitLine(line, LIMIT).group(1)))
                .orElseThrow();
        programs.add(process);
        return process;
    }

    private void assertAllProcessesEnded() {
        assertThat(programs).isNotEmpty();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(programs)
                .noneMatch(process -> process.isAlive() && !ProcessTable.isZombie(process)));
    }

    private static JsonNode release(Pod pod) {
        return new Operator(pod).report().get("release");
    }

    private static int status(Operator operator) {
        return operator.ask("GET", "/q/health/ready").statusCode();
    }

    /** It exits at once on SIGTERM, whatever it is doing. */
    @Test
    void programGetsItsTermWhenItsTrafficHasEnded() throws Exception {
        int port = FreePort.next();
        Map<String, String> settings = supervising(
                JAVA + " -Xmx64m -cp target/test-classes dev.lastcall.proxy.ProxiedApp " + port,
                "ready-pattern",
                "^app listens on [0-9]+$");
        settings.put("lastcall.proxy.upstream", "http://127.0.0.1:" + port);
        settings.put("lastcall.proxy.listen", "127.0.0.1:0");
        try (Pod pod = Pod.start(settings);
                RawClient client = new RawClient(pod.httpPort());
                RawClient program = new RawClient(port)) {
            Operator operator = new Operator(pod);
            assertThat(operator.ask("GET", "/q/health/ready").body()).contains("\"app\": true");
            assertThat(operator.ask("GET", "/q/metrics").body()).contains("lastcall_process_up{name=\"app\"} 1.0");
            client.get("/held");
            operator.awaitInFlight(1);
            pod.signal("TERM");
            pod.awaitLine("drain state=draining", LIMIT);
            program.get("/release");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("{\"tokens\":2}");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(release(pod).findValuesAsText("step")).containsExactly("proxy", "process app");
            assertThat(release(pod).findValuesAsText("outcome")).containsOnly("released");
        }
    }

    /** A program that chats fills every buffer up to whoever reads our output; the drain waits for none of them. */
    @Test
    void drainDoesNotWaitForAReaderOfTheLog() throws Exception {
        Path report = Files.createFile(directory.resolve("termination-log"));
        Path go = directory.resolve("go");
        Path chatted = directory.resolve("chatted");
        Path program = Files.writeString(directory.resolve("program"), """
                echo pid $$
                x=0123456789; x=$x$x$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x$x$x; i=0
                while [ ! -e %s ]; do sleep 0.1; done
                while :; do echo $x; i=$((i+1)); [ $i = 4000 ] && touch %s; done
                """.formatted(go, chatted));
        Map<String, String> settings = supervising("sh " + program, "ready-pattern", "^pid");
        settings.put("lastcall.report.path", report.toString());
        settings.put("lastcall.drain.grace-period", "20s");
        try (Pod pod = Pod.start(settings)) {
            process(pod, "pid");
            pod.read(false);
            Files.createFile(go);
            // More than all buffers hold: what it says is dropped by then.
            await().atMost(LIMIT).until(() -> Files.exists(chatted));
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertAllProcessesEnded();
        }
        JsonNode told = new ObjectMapper().readTree(Files.readString(report));
        assertThat(told.get("state").asText()).isEqualTo("stopped");
        assertThat(told.get("log-lines-dropped").asLong()).isPositive();
    }

    @Test
    void killedProgramEndsThePodWithItsCode() {
        try (Pod pod = Pod.start(supervising(script("exec sleep 1000")))) {
            process(pod, "pid").destroyForcibly();
            assertThat(pod.exitCode(LIMIT)).isEqualTo(137);
            JsonNode report = new Operator(pod).report();
            assertThat(report.get("triggers")).hasToString("[\"process-exit\"]");
            assertThat(report.get("exit-code").asInt()).isEqualTo(137);
        }
    }

    @Test
    void crashLoopEndsThePodAfterItsRestarts() {
        try (Pod pod = Pod.launch(supervising(
                Child.command("exit 3"), "restart", "on-failure", "max-restarts", "2", "restart-delay", "100ms"))) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(3);
            assertThat(pod.lines().stream()
                            .flatMap(line -> Stream.of(line.replaceFirst(".*process exited ", "")))
                            .filter(line -> line.startsWith("name=")))
                    .containsExactly(
                            "name=app code=3 restart=in 100ms",
                            "name=app code=3 restart=in 200ms",
                            "name=app code=3 restart=no");
        }
    }

    /** One ignores TERM, one belongs to init since its parent has ended. */
    @Test
    void wholeTreeIsStoppedTheDeafByForceAndThatIsReported() {
        String tree = "trap \"\" TERM; (sleep 1000 & echo child $!); while :; do sleep 0.1; done";
        try (Pod pod = Pod.start(supervising(script(tree), "stop-timeout", "500ms"))) {
            process(pod, "pid");
            process(pod, "child");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertAllProcessesEnded();
            assertThat(release(pod).findValuesAsText("cause"))
                    .singleElement()
                    .asString()
                    .contains("500 ms after SIGTERM");
        }
    }

    @Test
    void haltedPodLeavesNoProcess() {
        try (Pod pod = Pod.start(supervising(script("trap \"\" TERM; while :; do sleep 0.1; done")))) {
            process(pod, "pid");
            pod.signal("INT");
            pod.awaitLine("drain state=releasing", LIMIT);
            // Two that the process hears within half a second are one, and a busy one may hear the first late: until it
            // has heard three.
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(700)).until(() -> {
                if (pod.isRunning()) {
                    pod.signal("INT");
                }
                return !pod.isRunning();
            });
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertAllProcessesEnded();
            // The report is the watchdog's, or that of the release whose program the watchdog killed: whichever was
            // first.
            assertThat(new Operator(pod).report().get("state").asText()).isIn("releasing", "stopped");
            // The step was given up; how its program ended is known all the same.
            assertThat(release(pod).findValuesAsText("detail")).contains("exit-code=137 signal=KILL");
        }
    }

    /** The budget is over long before its stop-timeout: its step is given up, or the watchdog comes first: either way it is killed. */
    @Test
    void programDeafToTermDoesNotOutliveTheBudget() {
        Map<String, String> settings = supervising(script("trap \"\" TERM; while :; do sleep 0.1; done"));
        settings.put("lastcall.drain.grace-period", "5s");
        try (Pod pod = Pod.start(settings)) {
            process(pod, "pid");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertAllProcessesEnded();
            assertThat(release(pod).findValuesAsText("detail")).contains("exit-code=137 signal=KILL");
        }
    }

    /**
     * Three programs that end when they are asked. USR2 would crash a JVM and USR1 end it: {@code app} hears USR1. {@code talker} says more than
     * buffers hold. {@code again} exits and is started again, and its second start waits for a file before it is ready.
     */
    @Test
    void signalsLinesRestartsAndExitCodesOfSeveralPrograms() throws Exception {
        Path first = Files.createFile(directory.resolve("first-time"));
        Map<String, String> settings = supervising(
                "sh -c 'trap \"echo heard USR1\" USR1; trap \"exit 3\" TERM; echo pid $$; while :; do sleep 0.1; done'",
                "forward-signals",
                "USR1",
                "ready-pattern",
                "^pid");
        settings.put("lastcall.process.talker.command", Child.command("lines 100000"));
        settings.put("lastcall.process.talker.ready-pattern", "^all said$");
        settings.put("lastcall.process.talker.ready-timeout", "60s");
        settings.put(
                "lastcall.process.again.command",
                script("if rm " + first + " 2>/dev/null; then echo up; else while [ ! -e " + first
                                + " ]; do sleep 0.1; done; echo up; fi; exec sleep 1000")
                        .replace("$", "$$"));
        settings.put("lastcall.process.again.restart", "always");
        settings.put("lastcall.process.again.restart-delay", "100ms");
        settings.put("lastcall.process.again.ready-pattern", "^up$");
        try (Pod pod = Pod.start(settings)) {
            process(pod, "pid");
            Operator operator = new Operator(pod);
            pod.signal("USR2");
            pod.awaitLine("signal ignored signal=USR2", LIMIT);
            pod.signal("USR1");
            pod.awaitLine("heard USR1", LIMIT);
            assertBackAfterACrash(pod, operator, first);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(pod.lines()).anyMatch(line -> line.contains("process stopped name=app exit-code=3 "));
            assertThat(release(pod).findValuesAsText("detail")).contains("exit-code=3");
            assertAllIsForwarded(pod.lines());
        }
    }

    /** Not ready until it is back. */
    private static void assertBackAfterACrash(Pod pod, Operator operator, Path first) throws IOException {
        assertThat(status(operator)).isEqualTo(200);
        long pid = Long.parseLong(pod.awaitLine("\\[dev\\.lastcall\\.process\\.again].* pid ([0-9]+)$", LIMIT)
                .group(1));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(status(operator)).isEqualTo(503));
        assertThat(operator.ask("GET", "/q/metrics").body()).contains("lastcall_process_up{name=\"again\"} 0.0");
        Files.createFile(first);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(status(operator)).isEqualTo(200));
    }

    private static void assertAllIsForwarded(List<String> lines) {
        List<String> said = lines.stream()
                .filter(line -> line.contains("[dev.lastcall.process.talker]"))
                .map(line -> line.replaceFirst(".*\\(lastcall-output-talker\\) ", ""))
                .toList();
        assertThat(said).filteredOn(line -> line.matches("line [0-9]+ end")).hasSize(100_000);
        assertThat(said.stream()
                        .filter(line -> line.matches("x+"))
                        .mapToInt(String::length)
                        .sum())
                .isEqualTo(Child.LONG_LINE);
        assertThat(said).contains("no \ufffd\ufffd", "no end");
    }

    @Test
    void signalBeforeReadyLeavesNoProcess() {
        try (Pod pod =
                Pod.launch(supervising(script("trap \"\" TERM; while :; do sleep 0.1; done"), "ready-pattern", "x"))) {
            process(pod, "pid");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isEqualTo(143);
            assertAllProcessesEnded();
        }
    }

    @Test
    void startThatFailsForAnotherReasonLeavesNoProcess() throws IOException {
        Map<String, String> settings = supervising(script("exec sleep 1000"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("lastcall.line-server.port", Integer.toString(taken.getLocalPort()));
            try (Pod pod = Pod.launch(settings)) {
                process(pod, "pid");
                assertThat(pod.exitCode(LIMIT)).isOne();
                assertThat(pod.lines()).anyMatch(line -> line.startsWith("lastcall.line-server."));
                assertAllProcessesEnded();
            }
        }
    }

    /** Three pods at once: each spends its time on its own start. */
    @Test
    void startThatFailsSaysWhy() {
        Map<String, String> messages = Map.of(
                "no-such-program --x",
                ".command: no-such-program --x (expected: a program that can be executed here; ",
                Child.command("exit 7"),
                ": exited with 7 before it was ready; its last lines:",
                script("exec sleep 1000"),
                ": not ready after 1500 ms (expected: ");
        Map<Pod, String> pods = new LinkedHashMap<>();
        try {
            messages.forEach((command, message) -> {
                String limit = command.startsWith("sh") ? "1500ms" : "30s";
                pods.put(Pod.launch(supervising(command, "ready-pattern", "^ready$", "ready-timeout", limit)), message);
            });
            pods.forEach((pod, message) -> {
                assertThat(pod.exitCode(LIMIT)).isOne();
                assertThat(pod.lines())
                        .anyMatch(line -> line.startsWith("lastcall.process.app" + message))
                        .noneMatch(line -> line.matches("\\s+at .*"));
                if (message.contains("exited")) {
                    assertThat(pod.lines()).contains("  about to exit");
                }
            });
        } finally {
            pods.keySet().forEach(Pod::close);
        }
    }
}

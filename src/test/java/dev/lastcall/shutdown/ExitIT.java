package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar's way out, by real signals. */
class ExitIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, String> NO_LAME_DUCK =
            Map.of("lastcall.drain.lame-duck.min", "0s", "lastcall.drain.lame-duck.max", "0s");

    @Test
    void idleSigtermExitsWithZeroAndReportsInLogAndTerminationMessage(@TempDir Path directory) throws IOException {
        Path message = Files.createFile(directory.resolve("termination-log"));
        try (Pod pod = Pod.start(with("lastcall.report.path", message.toString()))) {
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode logged = reportIn(pod);
            assertThat(logged.get("exit-code").asInt()).isZero();
            assertThat(logged.get("state").asText()).isEqualTo("stopped");
            assertThat(logged.get("triggers").toString()).isEqualTo("[\"sigterm\"]");
            assertThat(logged.findValuesAsText("stage"))
                    .containsExactly("lame-duck", "draining", "drained", "releasing");
            assertThat(new ObjectMapper().readTree(Files.readString(message))).isEqualTo(logged);
            assertThat(Files.size(message)).isLessThanOrEqualTo(4096);
            assertThat(documentedCommandOn(pod, directory)).isEqualTo(logged);
        }
    }

    /** Returns the output of operations.md's command on a log, for jq: the report, and nothing else. */
    private static JsonNode documentedCommandOn(Pod pod, Path directory) throws IOException {
        Path log = Files.write(directory.resolve("log"), pod.lines());
        String command = Files.readString(Path.of("src", "docs", "operations.md"))
                .lines()
                .filter(line -> line.startsWith("kubectl logs NAME | sed ") && line.endsWith(" | jq"))
                .map(line -> line.substring(line.indexOf("sed "), line.lastIndexOf(" | jq")))
                .findFirst()
                .orElseThrow();
        try (ChildProcess sed = ChildProcess.start(Command.of("sh", "-c", command + " '" + log + "'"))) {
            assertThat(sed.exitCode(LIMIT)).isZero();
            return new ObjectMapper().readTree(String.join("\n", sed.lines()));
        }
    }

    @Test
    void missingTerminationMessageIsNeitherCreatedNorMentioned(@TempDir Path directory) {
        Path message = directory.resolve("termination-log");
        try (Pod pod = Pod.start(with("lastcall.report.path", message.toString()))) {
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(message).doesNotExist();
            assertThat(troubleAfterStart(pod)).isEmpty();
        }
    }

    /** Opening a FIFO for writing waits for a reader, and nobody reads this one. */
    @Test
    void hangUpEndsAsSigtermDoesAndAReportPathThatIsAFifoHoldsUpNothing(@TempDir Path directory) throws Exception {
        Path fifo = directory.resolve("termination-log");
        ChildProcess.run("mkfifo", fifo.toString());
        try (Pod pod = Pod.start(with("lastcall.report.path", fifo.toString()))) {
            pod.signal("HUP");
            assertThat(pod.exitCode(Duration.ofSeconds(60))).isZero();
            assertThat(reportIn(pod).get("triggers").toString()).isEqualTo("[\"sighup\"]");
            assertThat(reportIn(pod).get("state").asText()).isEqualTo("stopped");
        }
    }

    @Test
    void idleSigintHasNoLameDuck() throws IOException {
        try (Pod pod = Pod.start(Map.of("lastcall.drain.lame-duck.min", "9s"))) {
            pod.signal("INT");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(reportIn(pod).findValuesAsText("stage")).containsExactly("draining", "drained", "releasing");
        }
    }

    @Test
    void secondSigtermJoins() throws IOException {
        try (Pod pod = Pod.start(Map.of("lastcall.drain.lame-duck.min", "4s", "lastcall.drain.lame-duck.max", "4s"))) {
            pod.signal("TERM");
            pod.awaitLine("drain state=lame-duck", LIMIT);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(reportIn(pod).get("triggers")).hasSize(1);
        }
    }

    @Test
    void signalBeforeReadyExitsWithoutADrain() {
        // A database that accepts and never answers would do too; the first line of the log comes before the servers
        // listen.
        try (Pod pod = Pod.launch(Map.of("quarkus.log.level", "DEBUG"))) {
            pod.awaitLine("DEBUG", LIMIT);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isEqualTo(143);
            assertThat(pod.lines()).anyMatch(line -> line.contains("SIGTERM before the start was complete"));
            assertThat(pod.lines()).noneMatch(line -> line.contains("started in"));
        }
    }

    @Test
    void cleanExitReleasesRedisBeforePostgresqlAndLogsNoTrouble() throws Exception {
        try (Databases databases = Databases.start();
                Pod pod = Pod.start(with(databases.settings()))) {
            openBoth(pod);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode release = reportIn(pod).get("release");
            assertThat(release.findValuesAsText("step"))
                    .containsExactly("lease", "peers", "history", "news", "redis", "postgresql");
            assertThat(release.findValuesAsText("outcome")).containsOnly("released");
            assertThat(troubleAfterStart(pod)).isEmpty();
        }
    }

    /** A program that takes its time keeps the process in RELEASING, while clients and scrapers connect again and again. */
    @Test
    void connectionsThatComeInTheReleaseLeaveNoTrace() throws Exception {
        Map<String, String> slow = Map.of(
                "lastcall.process.slow.command", "sh -c \"trap 'sleep 1.5; exit 0' TERM; while :; do sleep 0.1; done\"",
                "lastcall.process.slow.stop-timeout", "9s");
        try (Pod pod = Pod.start(with(slow))) {
            List<Thread> clients = Stream.of(pod.httpPort(), pod.managementPort(), pod.httpPort(), pod.managementPort())
                    .map(port -> connecting(pod, port))
                    .toList();
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(reportIn(pod).findValuesAsText("stage")).contains("releasing");
            assertThat(troubleAfterStart(pod)).isEmpty();
        }
    }

    @Test
    void redisThatStopsWhileThePodEndsIsNoTrouble() throws Exception {
        Map<String, String> lameDuck = Map.of(
                "lastcall.drain.lame-duck.min", "2s",
                "lastcall.drain.lame-duck.max", "2s",
                "lastcall.fleet.refresh", "200ms");
        try (Databases databases = Databases.start()) {
            Map<String, String> settings = with(databases.settings());
            settings.putAll(lameDuck);
            try (Pod pod = Pod.start(settings)) {
                openBoth(pod);
                pod.signal("TERM");
                pod.awaitLine("drain state=lame-duck", LIMIT);
                databases.redis().kill();
                assertThat(pod.exitCode(Duration.ofSeconds(60))).isZero();
                assertThat(troubleAfterStart(pod)).isEmpty();
            }
        }
    }

    @Test
    void databasesThatWentDownAreReleasedInTime() throws Exception {
        try (Databases databases = Databases.start();
                Pod pod = Pod.start(with(databases.settings()))) {
            openBoth(pod);
            databases.redis().kill();
            databases.killPostgres();
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode release = reportIn(pod).get("release");
            assertThat(release.findValuesAsText("step"))
                    .containsExactly("lease", "peers", "history", "news", "redis", "postgresql");
            assertThat(release)
                    .allMatch(step -> step.path("optional").asBoolean()
                            || step.get("outcome").asText().equals("released"));
        }
    }

    /** The health check asks PostgreSQL, and Redis is listened to in any case, so that there are connections to close. */
    private static void openBoth(Pod pod) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(pod.management("/q/health/ready")).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Database");
    }

    private static Thread connecting(Pod pod, int port) {
        Thread client = new Thread(() -> {
            byte[] request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            while (pod.isRunning()) {
                try (Socket socket = new Socket("localhost", port)) {
                    socket.setSoTimeout(1000);
                    socket.getOutputStream().write(request);
                    socket.getInputStream().read();
                } catch (IOException e) {
                    // Refused, reset or silent: it is the pod's log that is looked at.
                }
            }
        });
        client.start();
        return client;
    }

    private static Map<String, String> with(String key, String value) {
        return with(Map.of(key, value));
    }

    private static Map<String, String> with(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(NO_LAME_DUCK);
        all.putAll(settings);
        return all;
    }

    private static JsonNode reportIn(Pod pod) throws IOException {
        Pattern line = Pattern.compile("\\[dev\\.lastcall\\.report].*?(\\{.*})$");
        List<String> reports = pod.lines().stream()
                .flatMap(each -> line.matcher(each).results().map(match -> match.group(1)))
                .toList();
        assertThat(reports).hasSize(1);
        return new ObjectMapper().readTree(reports.get(0));
    }

    private static List<String> troubleAfterStart(Pod pod) {
        List<String> lines = pod.lines();
        int started = 0;
        while (!lines.get(started).contains("started in")) {
            started++;
        }
        return lines.subList(started, lines.size()).stream()
                .filter(line -> line.matches(".* (WARN|ERROR|FATAL) .*|\\s+at .*|.*Exception.*"))
                .toList();
    }
}

package dev.lastcall.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.Application;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the packaged jar, with real programs. */
class RehearsalIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> OPTIONS = List.of("-Xmx256m");

    @TempDir
    Path folder;

    private List<String> said = List.of();

    @Test
    void programThatBreaksOffLosesAndEachLossIsNamed() throws Exception {
        // Each client asks many times in it, on a busy machine too.
        JsonNode result = rehearse(1, server("lossy", "611"), "--slow", "/slow", "--withdrawal", "4s..5s");

        JsonNode lost = result.get("lostByKind");
        assertThat(lost.path("refused").asInt()).isPositive();
        assertThat(lost.path("reset before the answer").asInt()).isPositive();
        assertThat(lost.path("cut in the body").asInt()).isPositive();
        assertThat(result.get("losses"))
                .isNotEmpty()
                .allSatisfy(loss -> assertThat(loss.get("pod").asText()).isEqualTo("pod-1"));
        assertThat(result.get("lost").asInt()).isEqualTo(result.get("losses").size());
        assertThat(commandLines()).noneMatch(line -> line.contains("sleep 611"));
    }

    @Test
    void programThatWaitsLosesNothing() throws Exception {
        JsonNode result =
                rehearse(0, server("polite", "612"), "--pre-stop", "/pre-stop", "--withdrawal", "0..400ms", "--advise");

        assertThat(result.get("lost").asInt()).isZero();
        assertThat(result.get("replaced").asInt()).isEqualTo(1);
        assertThat(result.get("load"))
                .hasSize(2)
                .allSatisfy(load -> assertThat(load.get("served").asInt()).isPositive());
        assertThat(commandLines()).noneMatch(line -> line.contains("sleep 612"));
        // The usual 30 s are not needed: the slowest pod went a few seconds after its end began. On a busy machine
        // the shorter grace that is tried then may cost a request, and the advice says so.
        assertThat(said).anySatisfy(line -> assertThat(line)
                .matches("advice: preStop /pre-stop, (terminationGracePeriodSeconds of at least ([3-9]|1[0-9])"
                        + " loses nothing under this load; .*"
                        + "|grace as in the rehearsal that lost nothing; [0-9]+ s are too short)"));
    }

    /** It breaks off everything at SIGTERM and knows no HTTP/2: what is lost without Lastcall before it, the first test says. */
    @Test
    void programThatBreaksOffLosesNothingBehindASupervisorByHttp2() throws Exception {
        JsonNode result = rehearse(
                0, server("lossy", "613"), "--slow", "/slow", "--supervised", "--http2", "--withdrawal", "0..400ms");

        assertThat(result.get("settings").get("http").asText()).isEqualTo("2");
        assertThat(result.get("lost").asInt()).isZero();
        assertThat(result.get("replaced").asInt()).isEqualTo(1);
        assertThat(result.get("load"))
                .hasSize(3)
                .allSatisfy(load -> assertThat(load.get("served").asInt()).isPositive());
        assertThat(commandLines()).noneMatch(line -> line.contains("sleep 613"));
    }

    @Test
    void streamThatLastsLongerThanItsTimeoutIsNamed() throws Exception {
        List<String> words = new ArrayList<>(List.of("rehearse", "--replicas", "1", "--stream-timeout", "1s"));
        words.addAll(server("lossy", "614"));
        try (ChildProcess command = ChildProcess.start(Application.command(OPTIONS, words))) {
            assertThat(command.exitCode(LIMIT)).isEqualTo(2);
            assertThat(command.lines())
                    .anyMatch(line -> line.contains("--stream GET /stream: ")
                            && line.contains("ends within 1.0 s")
                            && line.contains("--stream-timeout gives it longer"));
        }
        assertThat(commandLines()).noneMatch(line -> line.contains("sleep 614"));
    }

    @Test
    void thisServiceLosesNothing() throws Exception {
        try (Databases databases = Databases.start()) {
            List<String> arguments = new ArrayList<>(List.of("--load", "short,stream,runs", "--withdrawal", "0..1s"));
            databases.settings().forEach((key, value) -> {
                arguments.add("--env");
                arguments.add(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "=" + value);
            });
            JsonNode result = rehearse(0, arguments);

            assertThat(result.get("lost").asInt()).isZero();
            assertThat(result.get("load").get(1).get("request").asText()).contains("known one by one");
            assertThat(result.get("load").get(2).get("request").asText()).contains("known one by one");
            assertThat(result.get("load").get(2).get("served").asInt()).isPositive();
        }
    }

    private static List<String> server(String mode, String mark) {
        return List.of(
                "--command",
                "\"" + Command.java(List.of()).words().get(0) + "\" -Xmx64m -XX:TieredStopAtLevel=1 -cp \"" + classes()
                        + "\" " + RehearsedServer.class.getName() + " {port} " + mode + " " + mark,
                "--stream",
                "/stream");
    }

    private static Path classes() {
        return Path.of(RehearsedServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    private JsonNode rehearse(int expected, List<String> arguments, String... more) throws Exception {
        Path json = folder.resolve("result.json");
        List<String> words = new ArrayList<>(List.of("rehearse"));
        words.addAll(List.of("--replicas", "1", "--rounds", "1", "--json", json.toString()));
        words.addAll(arguments);
        words.addAll(List.of(more));
        try (ChildProcess command = ChildProcess.start(Application.command(OPTIONS, words))) {
            int code = command.exitCode(LIMIT);
            assertThat(code).as(() -> String.join("\n", command.lines())).isEqualTo(expected);
            assertThat(command.lines()).anyMatch(line -> line.contains("pod-2") && line.contains("="));
            said = command.lines();
        }
        return new ObjectMapper().readTree(Files.readString(json));
    }

    private static List<String> commandLines() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .toList();
    }
}

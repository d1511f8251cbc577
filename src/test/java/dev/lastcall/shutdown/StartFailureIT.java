package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The termination message that {@code kubectl describe pod} shows of a container that never served. */
class StartFailureIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void portOfOperatorsThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = Integer.toString(taken.getLocalPort());
            JsonNode told = toldBy(Map.of("quarkus.management.port", port, "quarkus.management.host", "0.0.0.0"), 1);
            assertThat(told.get("cause").asText()).contains(port);
        }
    }

    @Test
    void portOfClientsThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            String port = Integer.toString(taken.getLocalPort());
            JsonNode told = toldBy(Map.of("quarkus.http.port", port, "quarkus.http.host", "0.0.0.0"), 1);
            assertThat(told.get("cause").asText()).contains(port);
        }
    }

    @Test
    void configurationThatIsWrong() throws IOException {
        JsonNode told = toldBy(Map.of("lastcall.drain.grace-period", "5s"), 1);
        assertThat(told.get("cause").asText()).startsWith("lastcall.drain.grace-period: 5s (expected:");
    }

    @Test
    void databaseThatRefuses() throws IOException {
        int closed = FreePort.next();
        String url = "jdbc:postgresql://127.0.0.1:" + closed + "/none";
        JsonNode told = toldBy(
                Map.of(
                        "quarkus.datasource.jdbc.url",
                        url,
                        "quarkus.datasource.username",
                        "nobody",
                        "quarkus.datasource.password",
                        "nothing",
                        "lastcall.run.start-timeout",
                        "1s"),
                1);
        assertThat(told.get("cause").asText()).contains("127.0.0.1:" + closed);
    }

    @Test
    void programThatDoesNotStart() throws IOException {
        JsonNode told = toldBy(Map.of("lastcall.process.web.command", "/nowhere/to/be/found"), 1);
        assertThat(told.get("cause").asText()).contains("/nowhere/to/be/found");
    }

    @Test
    void signalBeforeTheStartWasComplete() throws IOException {
        Path message = Files.createFile(directory.resolve("signalled"));
        try (Pod pod = Pod.launch(Map.of("quarkus.log.level", "DEBUG", "lastcall.report.path", message.toString()))) {
            pod.awaitLine("DEBUG", LIMIT);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isEqualTo(143);
        }
        assertThat(read(message).get("exit-code").asInt()).isEqualTo(143);
        assertThat(read(message).get("cause").asText()).contains("SIGTERM");
    }

    /** The whole message of a start that fails, and the log has no report of a drain. */
    private JsonNode toldBy(Map<String, String> settings, int code) throws IOException {
        Path message = Files.createFile(directory.resolve("termination-log"));
        Map<String, String> all = new HashMap<>(settings);
        all.put("lastcall.report.path", message.toString());
        try (Pod pod = Pod.launch(all)) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(code);
            assertThat(pod.lines()).noneMatch(line -> line.contains("[dev.lastcall.report]"));
        }
        JsonNode told = read(message);
        assertThat(told.get("exit-code").asInt()).isEqualTo(code);
        assertThat(told.get("state").asText()).isEqualTo("start-failed");
        return told;
    }

    private static JsonNode read(Path message) throws IOException {
        return new ObjectMapper().readTree(Files.readString(message));
    }
}

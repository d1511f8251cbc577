package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Application;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The packaged jar in surroundings that it does not choose. */
class EnvironmentIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<String> lines = new ArrayList<>();

    @Test
    void variableThatKubernetesInjectsIsOnlyWarnedOf() {
        int code = startThenTerminate(Map.of(
                "LASTCALL_PORT", "tcp://10.0.0.1:80",
                "LASTCALL_DRAIN_LAME_DUCK_MIN", "0s",
                "LASTCALL_DRAIN_LAME_DUCK_MAX", "0s"));
        assertThat(code).isZero();
        assertThat(lines)
                .filteredOn(line -> line.contains(" WARN "))
                .singleElement()
                .asString()
                .contains("LASTCALL_PORT");
    }

    /** No code in the process can do more: with -Xrs the JVM leaves SIGTERM's default action in force. */
    @Test
    void withoutSignalHandlingTheStartWarnsAndSigtermKills() {
        Application.assumeJvm("-Xrs is the JVM's, and JAVA_TOOL_OPTIONS is read by it alone");
        int code = startThenTerminate(Map.of("JAVA_TOOL_OPTIONS", "-Xrs"));
        assertThat(code).isEqualTo(143);
        assertThat(lines).anyMatch(line -> line.contains(" WARN ") && line.contains("-Xrs"));
        assertThat(lines).noneMatch(line -> line.contains("drain triggered"));
    }

    @Test
    void sigtermThatIsIgnoredByInheritanceIsWarnedOf() {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "trap '' TERM; exec \"$@\"", "sh"));
        words.addAll(application().words());
        try (ChildProcess process = ChildProcess.start(Command.of(words))) {
            process.awaitLine(" WARN .*SIGTERM was ignored when this process was started", LIMIT);
        }
    }

    /** With them Quarkus waits for the WebSocket behind the drain, and the watchdog halts before anything is released. */
    @Test
    void waitsOfQuarkusAreIgnoredInOneLineAndTheReleaseRuns() {
        Map<String, String> environment = Map.of(
                "QUARKUS_SHUTDOWN_TIMEOUT", "50s",
                "QUARKUS_SHUTDOWN_DELAY", "40s",
                "LASTCALL_DRAIN_GRACE_PERIOD", "45s",
                "LASTCALL_DRAIN_STREAM_PATIENCE", "0s",
                "LASTCALL_DRAIN_LAME_DUCK_MIN", "0s",
                "LASTCALL_DRAIN_LAME_DUCK_MAX", "0s");
        int code = startThenTerminate(environment, EnvironmentIT::openWebSocket);
        assertThat(code).as(String.join("\n", lines)).isZero();
        assertThat(lines)
                .filteredOn(line -> line.contains("quarkus.shutdown"))
                .singleElement()
                .asString()
                .contains("quarkus.shutdown.delay=40s and quarkus.shutdown.timeout=50s");
        assertThat(lines)
                .filteredOn(line -> line.contains("[dev.lastcall.report]"))
                .singleElement()
                .asString()
                .contains("\"state\":\"stopped\"");
    }

    private static void openWebSocket(ChildProcess process) {
        String port = process.awaitLine("Listening on: http://[^ ]+?:([0-9]+)(?![0-9])", LIMIT)
                .group(1);
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + port + "/agent/ws"), new WebSocket.Listener() {})
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private int startThenTerminate(Map<String, String> environment) {
        return startThenTerminate(environment, process -> {});
    }

    private int startThenTerminate(Map<String, String> environment, Consumer<ChildProcess> meanwhile) {
        try (ChildProcess process = ChildProcess.start(application().with(environment))) {
            process.awaitLine("started in", LIMIT);
            meanwhile.accept(process);
            process.signal("TERM");
            int code = process.exitCode(LIMIT);
            lines.addAll(process.lines());
            return code;
        }
    }

    private static Command application() {
        return Application.command(List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0"), List.of());
    }
}

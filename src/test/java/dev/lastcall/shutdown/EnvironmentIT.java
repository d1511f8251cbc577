package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        int code = startThenTerminate(Map.of("JAVA_TOOL_OPTIONS", "-Xrs"));
        assertThat(code).isEqualTo(143);
        assertThat(lines).anyMatch(line -> line.contains(" WARN ") && line.contains("-Xrs"));
        assertThat(lines).noneMatch(line -> line.contains("drain triggered"));
    }

    private int startThenTerminate(Map<String, String> environment) {
        Command command = Command.java(List.of(
                        "-Dquarkus.http.port=0",
                        "-Dquarkus.management.port=0",
                        "-jar",
                        System.getProperty("lastcall.jar", "target/quarkus-app/quarkus-run.jar")))
                .with(environment);
        try (ChildProcess process = ChildProcess.start(command)) {
            process.awaitLine("started in", LIMIT);
            process.signal("TERM");
            int code = process.exitCode(LIMIT);
            lines.addAll(process.lines());
            return code;
        }
    }
}

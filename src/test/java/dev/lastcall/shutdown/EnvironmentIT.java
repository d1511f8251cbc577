package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packaged jar in surroundings that it does not choose. */
class EnvironmentIT {
    private final List<String> lines = new ArrayList<>();

    @Test
    void variableThatKubernetesInjectsIsOnlyWarnedOf() throws Exception {
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

    /** Nothing in the process can do more: with -Xrs the JVM leaves SIGTERM's default action in force. */
    @Test
    void withoutSignalHandlingTheStartWarnsAndSigtermKills() throws Exception {
        int code = startThenTerminate(Map.of("JAVA_TOOL_OPTIONS", "-Xrs"));
        assertThat(code).isEqualTo(143);
        assertThat(lines).anyMatch(line -> line.contains(" WARN ") && line.contains("-Xrs"));
        assertThat(lines).noneMatch(line -> line.contains("drain triggered"));
    }

    private int startThenTerminate(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dquarkus.http.port=0",
                "-Dquarkus.management.port=0",
                "-jar",
                System.getProperty("lastcall.jar", "target/quarkus-app/quarkus-run.jar"));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains("started in")) {
                    process.toHandle().destroy();
                }
            }
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}

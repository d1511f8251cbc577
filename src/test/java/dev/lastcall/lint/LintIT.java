package dev.lastcall.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the packaged jar: it answers and exits, and starts no service. */
class LintIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void cleanManifestsExitWithZero() {
        assertThat(exitCodeOf("0 errors, 0 warnings in ", "k8s/overlays")).isZero();
    }

    @Test
    void errorsExitWithOne() throws IOException {
        Path manifest =
                Files.writeString(folder.resolve("web.yaml"), Sample.SERVICE.with("Seconds: 30", "Seconds: 15"));
        assertThat(exitCodeOf("[grace-too-short]", manifest.toString())).isEqualTo(1);
    }

    @Test
    void missingFileExitsWithTwo() {
        assertThat(exitCodeOf("nowhere.yaml: no such file", "nowhere.yaml")).isEqualTo(2);
    }

    private static int exitCodeOf(String expected, String place) {
        try (Pod command = Pod.launch(Map.of(), "lint", place)) {
            int code = command.exitCode(LIMIT);
            assertThat(command.lines())
                    .anyMatch(line -> line.contains(expected))
                    .noneMatch(line -> line.contains("started in"));
            return code;
        }
    }
}

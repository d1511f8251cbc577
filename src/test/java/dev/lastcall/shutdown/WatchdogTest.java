package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real signals to a real process in which a request never ends by itself and the release never ends at all. */
class WatchdogTest {
    /** The program would stay for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void processEndsAtTheDeadlineWhateverHangs(@TempDir Path directory) throws Exception {
        Path message = Files.createFile(directory.resolve("termination-log"));
        try (ChildProcess process = start(message, StuckProgram.GRACE, "request")) {
            long start = System.nanoTime();
            process.signal("TERM");
            assertThat(process.exitCode(LIMIT)).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(StuckProgram.GRACE.minusMillis(50));
            JsonNode report = report(message);
            assertThat(report.get("exit-code").asInt()).isEqualTo(1);
            assertThat(report.get("state").asText()).isEqualTo("releasing");
            assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/deaf");
        }
    }

    @Test
    void thirdDeliberateSigintEndsTheProcessAtOnce(@TempDir Path directory) throws Exception {
        Path message = Files.createFile(directory.resolve("termination-log"));
        // The deadline is far behind everything here: what ends it is the third signal.
        try (ChildProcess process = start(message, Duration.ofMinutes(10), "request")) {
            for (int i = 1; i <= 2; i++) {
                process.signal("INT");
                process.awaitLine("survived " + i, LIMIT);
            }
            process.signal("INT");
            assertThat(process.exitCode(LIMIT)).isEqualTo(1);
            JsonNode report = report(message);
            assertThat(report.get("triggers")).hasToString("[\"sigint\"]");
            // In flight at the halt, or cut a second after the second one: in either case it is told.
            assertThat(report.get("cut").asInt()).isOne();
            assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/deaf");
        }
    }

    @Test
    void codeOfAReportThatWasWrittenIsKept(@TempDir Path directory) throws Exception {
        Path message = Files.createFile(directory.resolve("termination-log"));
        try (ChildProcess process = start(message, StuckProgram.GRACE, "stopped")) {
            long start = System.nanoTime();
            process.signal("TERM");
            assertThat(process.exitCode(LIMIT)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(StuckProgram.GRACE.minusMillis(50));
            JsonNode report = report(message);
            assertThat(report.get("exit-code").asInt()).isZero();
            assertThat(report.get("state").asText()).isEqualTo("stopped");
        }
    }

    private static JsonNode report(Path message) throws IOException {
        return new ObjectMapper().readTree(Files.readString(message));
    }

    private static ChildProcess start(Path message, Duration grace, String hanging) {
        ChildProcess process = ChildProcess.start(Command.java(List.of(
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                StuckProgram.class.getName(),
                message.toString(),
                grace.toString(),
                hanging)));
        process.awaitLine("ready", LIMIT);
        return process;
    }
}

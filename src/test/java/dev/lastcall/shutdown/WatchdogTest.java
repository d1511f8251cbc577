package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real signals to a real process in which a request never ends by itself and the release never ends at all. */
class WatchdogTest {
    /** What a busy machine may add: much less than for ever, which is how long the program would stay. */
    private static final Duration BUSY = Duration.ofSeconds(8);

    @Test
    void processEndsAtTheDeadlineWhateverHangs(@TempDir Path directory) throws Exception {
        Path message = Files.createFile(directory.resolve("termination-log"));
        Process process = start(message, StuckProgram.GRACE);
        long start = System.nanoTime();
        signal(process, "TERM");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(StuckProgram.GRACE.minusMillis(50), StuckProgram.GRACE.plus(BUSY));
        assertThat(process.exitValue()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(Files.readString(message));
        assertThat(report.get("exit-code").asInt()).isEqualTo(1);
        assertThat(report.get("state").asText()).isEqualTo("releasing");
        assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/deaf");
    }

    @Test
    void thirdDeliberateSigintEndsTheProcessAtOnce(@TempDir Path directory) throws Exception {
        Path message = Files.createFile(directory.resolve("termination-log"));
        // The deadline is far behind everything here: what ends it is the third signal.
        Process process = start(message, Duration.ofMinutes(2));
        signal(process, "INT");
        // Signals closer together than half a second are one Ctrl-C, as the process sees them, which on a busy machine
        // may hear of one later than of the other. Each wait is also that it went on living.
        assertThat(process.waitFor(2, TimeUnit.SECONDS)).isFalse();
        signal(process, "INT");
        assertThat(process.waitFor(600, TimeUnit.MILLISECONDS)).isFalse();
        signal(process, "INT");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(Files.readString(message));
        assertThat(report.get("triggers").toString()).isEqualTo("[\"sigint\"]");
        // In flight at the halt, or cut a second after the second one: in either case it is told.
        assertThat(report.get("cut").asInt()).isOne();
        assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/deaf");
    }

    private static Process start(Path message, Duration grace) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StuckProgram.class.getName(),
                        message.toString(),
                        grace.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo("ready");
        return process;
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}

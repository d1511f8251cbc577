package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's quickstarts, run as they are written but for free ports and a shorter lame duck. */
class QuickstartsIT {
    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final String JAR = "target/quarkus-app/quarkus-run.jar";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    void firstBlockBuildsTheJarThatTheOthersStart() throws IOException {
        List<String> blocks = blocks();
        assertThat(blocks).hasSize(4);
        assertThat(blocks.get(0)).isEqualTo("./mvnw -q package -DskipTests\n");
        assertThat(blocks.subList(1, 4))
                .allSatisfy(block -> assertThat(block.lines()).hasSizeLessThanOrEqualTo(10));
        assertThat(blocks.subList(1, 4)).allSatisfy(block -> assertThat(block).contains(JAR));
    }

    @Test
    void serviceFinishesItsStreamBeforeItEnds() throws Exception {
        assertThat(run(1)).contains("\"reason\":\"completed\"", "\"last\":59", "exit code 0");
    }

    @Test
    void sidecarPassesAProgramsAnswers() throws Exception {
        assertThat(run(2)).contains("# Lastcall", "\"state\":\"drained\"", "exit code 0");
    }

    @Test
    void supervisorStartsAndStopsAProgram() throws Exception {
        assertThat(run(3)).contains("# Lastcall", "exit code 0");
    }

    private static List<String> blocks() throws IOException {
        return COMMANDS.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Runs a block and returns what it prints. */
    private String run(int block) throws IOException {
        Files.copy(Path.of("README.md"), directory.resolve("README.md"));
        int clients = FreePort.next();
        int management = FreePort.next();
        int program = FreePort.next();
        String jar = Path.of(System.getProperty("lastcall.jar", JAR))
                .toAbsolutePath()
                .toString();
        String commands = blocks().get(block)
                .replace(JAR, jar)
                .replace("localhost:8080", "localhost:" + clients)
                .replace("localhost:9000", "localhost:" + management)
                .replaceAll("\\b8000\\b", Integer.toString(program));
        Map<String, String> environment = new HashMap<>(Map.of(
                "QUARKUS_HTTP_PORT", Integer.toString(clients),
                "QUARKUS_MANAGEMENT_PORT", Integer.toString(management),
                "LASTCALL_DRAIN_LAME_DUCK_MAX", "2s"));
        if (block > 1) {
            environment.put("LASTCALL_PROXY_LISTEN", "127.0.0.1:" + clients);
        }
        Command shell = Command.of("bash", "-c", commands).with(environment).in(directory);
        try (ChildProcess running = ChildProcess.start(shell)) {
            running.exitCode(LIMIT);
            return String.join("\n", running.lines());
        }
    }
}

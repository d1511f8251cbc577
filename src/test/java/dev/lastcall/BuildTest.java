package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of tests that start the application, on which the build relies. */
class BuildTest {

    private static final Path TESTS = Path.of("src/test/java");

    @Test
    void testsInTheJvmOfTheirOwnAreThoseThatStartTheApplicationInIt() throws IOException {
        try (var files = Files.walk(TESTS)) {
            List<String> start = files.filter(BuildTest::startsTheApplication)
                    .map(file -> "**/" + file.getFileName())
                    .sorted()
                    .toList();

            assertThat(Files.readAllLines(Path.of("src/test/quarkus-tests.txt")))
                    .isEqualTo(start);
        }
    }

    private static boolean startsTheApplication(Path file) {
        if (!file.getFileName().toString().endsWith("Test.java")) {
            return false;
        }
        try (var lines = Files.lines(file)) {
            return lines.anyMatch(line -> line.startsWith("@QuarkusTest"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

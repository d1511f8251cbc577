package dev.lastcall.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Manifests in the shapes that people write, with the verdicts of Kubernetes' documentation. A case starts with {@code ### name}, its
 * verdicts follow {@code ###>}, as {@code severity rule}, and everything that is not named there must not be found. The second file has the
 * examples that Kubernetes' documentation shows: what is found in them is true (no readiness probe behind a Service, a sleep beyond the kill).
 */
class CorpusTest {
    static Stream<Arguments> cases() throws IOException {
        return Stream.concat(cases("corpus.txt"), cases("documentation.txt"));
    }

    private static Stream<Arguments> cases(String file) throws IOException {
        String corpus = Files.readString(Path.of("src", "test", "resources", "lint", file));
        return Stream.of(corpus.split("(?m)^### ", -1)).skip(1).map(CorpusTest::read);
    }

    private static Arguments read(String text) {
        String[] parts = text.split("\n", 3);
        List<String> verdicts = new ArrayList<>();
        for (String verdict : parts[1].replaceFirst("###>", "").split(",", -1)) {
            if (!verdict.isBlank()) {
                verdicts.add(verdict.strip());
            }
        }
        return Arguments.of(parts[0], verdicts, parts[2]);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void manifestHasItsVerdicts(String name, List<String> verdicts, String manifest) {
        Linted linted = Linted.withInput(manifest, "-");
        assertThat(linted.err()).as(name).isEmpty();
        assertThat(linted.findings().stream()
                        .map(line -> line.replaceFirst("^\\S+ (\\w+): .* \\[([a-z-]+)\\]$", "$1 $2")))
                .as(linted.out())
                .containsExactlyInAnyOrderElementsOf(verdicts);
    }
}

package dev.lastcall;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** First sentences of Javadoc. Each is a noun phrase or a verb in the third person, so that a stranger need not guess. */
class JavadocTest {
    private static final String BEGIN = "/\\*\\*\\s*(?:\\* )?";
    private static final Pattern RIDDLE =
            Pattern.compile(BEGIN + "(?:What|Who|Whom|Where|Those|That|When|By|Whoever|Whatever)\\b[^\\n]*");
    private static final Pattern RIDDLE_OF_A_TYPE = Pattern.compile("(?m)^" + BEGIN + "(?:How|Why|Which)\\b[^\\n]*");

    @ParameterizedTest
    @ValueSource(strings = {"main/java", "test/java", "bench/java", "library/runtime/src", "library/deployment/src"})
    void firstSentencesSayWhatAThingIs(String sources) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src").resolve(sources))) {
            List<String> riddles = files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(JavadocTest::riddles)
                    .toList();
            assertThat(riddles).as(riddles.stream().collect(joining("\n"))).isEmpty();
        }
    }

    private static Stream<String> riddles(Path source) {
        try {
            String text = Files.readString(source);
            return Stream.of(RIDDLE, RIDDLE_OF_A_TYPE)
                    .flatMap(pattern -> pattern.matcher(text).results())
                    .map(found -> source.getFileName() + ": " + found.group());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

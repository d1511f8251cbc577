package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both images are built as kubernetes.md says, judged by their build files. */
class ImagesTest {
    private static final String JVM = "Dockerfile.jvm";
    private static final String NATIVE = "Dockerfile.native";

    @ParameterizedTest
    @ValueSource(strings = {JVM, NATIVE})
    void everyImageBelowIsABuildArgument(String file) throws IOException {
        List<String> instructions = instructions(file);
        List<String> arguments = with(instructions, "ARG")
                .map(argument -> argument.replaceFirst("=.*", ""))
                .toList();

        assertThat(with(instructions, "FROM"))
                .hasSizeGreaterThan(1)
                .allSatisfy(from -> assertThat(from).matches("\\$\\{[A-Z_]+}( AS [a-z]+)?"))
                .allSatisfy(from -> assertThat(arguments).contains(from.substring(2, from.indexOf('}'))));
        assertThat(last(file).get(0)).isEqualTo("FROM ${BASE_IMAGE}");
    }

    /** No program of the base image is run for the last stage, and none at the start: it needs no shell. */
    @ParameterizedTest
    @CsvSource({JVM + ", java", NATIVE + ", /app/lastcall"})
    void firstProcessIsTheServiceItself(String file, String program) throws IOException {
        List<String> stage = last(file);

        List<String> entry =
                with(stage, "ENTRYPOINT").map(ImagesTest::words).findFirst().orElseThrow();
        assertThat(entry).startsWith(program).doesNotContain("-Xrs");
        assertThat(stage).noneMatch(line -> line.matches("(RUN|CMD|SHELL) .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {JVM, NATIVE})
    void userIsANumberAndNotRoot(String file) throws IOException {
        assertThat(with(last(file), "USER")).singleElement().satisfies(user -> assertThat(Integer.parseInt(user))
                .isPositive());
    }

    /** A volume would be writable whatever the root is. */
    @ParameterizedTest
    @ValueSource(strings = {JVM, NATIVE})
    void nothingIsWrittenBelowTheRoot(String file) throws IOException {
        assertThat(last(file)).noneMatch(line -> line.startsWith("VOLUME "));
        assertThat(with(last(file), "EXPOSE")).containsExactly("8080 9000");
    }

    @ParameterizedTest
    @ValueSource(strings = {JVM, NATIVE})
    void cleanCheckoutIsEnough(String file) throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> copied = with(instructions(file), "COPY")
                .filter(copy -> !copy.startsWith("--from="))
                .flatMap(copy ->
                        Stream.of(copy.substring(0, copy.lastIndexOf(' ')).split(" ", -1)))
                .toList();

        assertThat(copied).contains("pom.xml", "src/main/").noneMatch(path -> path.startsWith("target"));
        assertThat(sent).containsAll(copied);
        assertThat(copied).allMatch(path -> Files.exists(Path.of(path)));
    }

    @ParameterizedTest
    @ValueSource(strings = {JVM, NATIVE})
    void imageOfTheSidecarIsABuildArgument(String file) throws IOException {
        assertThat(with(instructions(file), "ARG")).contains("SEAT=service");
        assertThat(with(instructions(file), "RUN")).anyMatch(run -> run.contains("-Dlastcall.seat=${SEAT}"));
    }

    /** One that was renamed would be back in the sidecar's image without a word. */
    @Test
    void whatTheSidecarLeavesOutExists() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String types = pom.substring(
                pom.indexOf("<quarkus.arc.exclude-types>") + "<quarkus.arc.exclude-types>".length(),
                pom.indexOf("</quarkus.arc.exclude-types>"));

        assertThat(types.split(",", -1)).hasSizeGreaterThan(5).allSatisfy(type -> {
            String path = "src/main/java/" + type.replace(".**", "").replace('.', '/');
            assertThat(Path.of(type.endsWith(".**") ? path : path + ".java")).exists();
        });
    }

    /** One a line: without comments, continued lines joined. */
    private static List<String> instructions(String file) throws IOException {
        String text =
                Files.readString(Path.of(file)).replaceAll("(?m)^#.*\\R", "").replaceAll("\\s*\\\\\\R\\s*", " ");
        return text.lines().filter(line -> !line.isBlank()).toList();
    }

    private static List<String> last(String file) throws IOException {
        List<String> stage = new ArrayList<>();
        for (String instruction : instructions(file)) {
            if (instruction.startsWith("FROM ")) {
                stage.clear();
            }
            stage.add(instruction);
        }
        return stage;
    }

    private static Stream<String> with(List<String> instructions, String word) {
        return instructions.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1));
    }

    private static List<String> words(String json) {
        try {
            return List.of(new ObjectMapper().readValue(json, String[].class));
        } catch (IOException e) {
            throw new AssertionError("not in exec form: " + json, e);
        }
    }
}

package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void wordsAreSplitAtBlanks() {
        assertThat(CommandLine.words("  uvicorn main:app\t--port 8000 "))
                .isEqualTo(List.of("uvicorn", "main:app", "--port", "8000"));
    }

    @Test
    void quotesKeepBlanksTogether() {
        assertThat(CommandLine.words("sh -c 'echo \"a b\"' \"it's\" --name='x y'z ''"))
                .isEqualTo(List.of("sh", "-c", "echo \"a b\"", "it's", "--name=x yz", ""));
    }

    @Test
    void nothingElseIsInterpreted() {
        assertThat(CommandLine.words("echo $HOME \\\\n * | cat"))
                .containsExactly("echo", "$HOME", "\\n", "*", "|", "cat");
    }

    @Test
    void backslashesAreReadAsAShellReadsThem() {
        assertThat(CommandLine.words("sh -c \"echo \\\"hello world\\\"; exit 9\""))
                .containsExactly("sh", "-c", "echo \"hello world\"; exit 9");
        assertThat(CommandLine.words("a\\ b \"\\$x \\n\" '\\' c\\'d")).containsExactly("a b", "$x \\n", "\\", "c'd");
        assertThat(CommandLine.words("one \\\ntwo\nthree")).containsExactly("one", "two", "three");
    }

    @Test
    void placeOfAnOpenQuoteIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLine.words("sh -c \"echo 'a' "))
                .withMessage("sh -c \"echo 'a'  (expected: every quote closed; at character 7: \")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLine.words("echo \\"))
                .withMessageEndingWith("(expected: something behind the backslash; at character 6: \\)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "sh -c 'echo", "say \"hello"})
    void malformedCommandIsNamed(String command) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLine.words(command))
                .withMessageStartingWith(command)
                .withMessageContaining("expected");
    }
}

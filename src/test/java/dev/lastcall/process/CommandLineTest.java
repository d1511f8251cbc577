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
        assertThat(CommandLine.words("echo $HOME \\n * | cat"))
                .containsExactly("echo", "$HOME", "\\n", "*", "|", "cat");
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

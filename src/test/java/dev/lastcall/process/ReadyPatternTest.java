package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.FakeTime;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyPatternTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final FakeTime time = new FakeTime();
    private final ReadyPattern pattern = new ReadyPattern(Pattern.compile("^ready( on [0-9]+)?$"), time);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ready",
                "\u001b[32mready\u001b[0m",
                "\u001b]0;title\u0007rea\u001b[1;31mdy\u001b[K",
                "ready on 80"
            })
    void whatAReaderSeesIsMatched(String line) {
        pattern.line(line);
        assertThat(pattern.found()).isDone();
    }

    @Test
    void otherLinesAreNot() {
        pattern.line("not ready");
        pattern.line("\u001b[32mready for nothing\u001b[0m");
        assertThat(pattern.found()).isNotDone();
    }

    @Test
    void patternWithColoursOfItsOwnMatchesThem() {
        ReadyPattern coloured = new ReadyPattern(Pattern.compile("\u001b\\[32mup"), time);
        coloured.line("\u001b[32mup\u001b[0m");
        assertThat(coloured.found()).isDone();
    }

    /** Flushed in the middle of a line, "ready" may go on as "ready for nothing". */
    @Test
    void lineWithoutAnEndIsMatchedOnceNothingFollows() throws IOException {
        Output[] output = new Output[1];
        output[0] = new Output(pattern::line, () -> pattern.unfinished(output[0]));
        PipedOutputStream program = new PipedOutputStream();
        output[0].follow(new PipedInputStream(program), "app");
        say(program, "ready", output[0]);
        say(program, " on 8", output[0]);
        time.advance(Duration.ofMillis(100));
        assertThat(pattern.found()).isNotDone();
        assertThat(output[0].lastLines()).containsExactly("ready on 8");
        await().atMost(LIMIT).untilAsserted(() -> {
            time.advance(Duration.ofMillis(200));
            assertThat(pattern.found()).isDone();
        });
        program.close();
        assertThat(output[0].ended()).succeedsWithin(LIMIT);
    }

    private static void say(PipedOutputStream program, String text, Output output) throws IOException {
        program.write(text.getBytes(StandardCharsets.UTF_8));
        program.flush();
        await().atMost(LIMIT).until(() -> output.beginning().endsWith(text));
    }
}

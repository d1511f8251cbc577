package dev.lastcall.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final Output output = new Output(heard::add);

    private void read(byte[] bytes) {
        output.follow(new ByteArrayInputStream(bytes), "app");
        assertThat(output.ended()).succeedsWithin(LIMIT);
    }

    private void read(String text) {
        read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesComeAsTheyAreAndTheLastNeedsNoEnd() {
        read("one\r\n\n  three \nfour");
        assertThat(heard).containsExactly("one", "", "  three ", "four");
    }

    @Test
    void carriageReturnAloneEndsALineToo() {
        read("\r10 %\r100 %\r\nready\rnext\n\r\n");
        assertThat(heard).containsExactly("10 %", "100 %", "ready", "next", "");
    }

    @Test
    void whatIsNoUtf8IsReplacedAndHurtsNothingElse() {
        read(new byte[] {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3, '\n', 'c', '\n'});
        assertThat(heard).containsExactly("a\ufffdb", "\ufffd", "c");
    }

    @Test
    void overlongLineIsLoggedInParts() {
        read("x".repeat(3 * Output.LONGEST_LINE + 5) + "\nnext\n");
        assertThat(heard).extracting(String::length).containsExactly(8192, 8192, 8192, 5, 4);
    }

    @Test
    void noCharacterIsBrokenInTwo() {
        String smile = "\ud83d\ude00";
        read("x" + smile.repeat(Output.LONGEST_LINE));
        assertThat(String.join("", heard)).isEqualTo("x" + smile.repeat(Output.LONGEST_LINE));
        assertThat(heard).allSatisfy(part -> assertThat(part.codePoints())
                .noneMatch(point -> point >= 0xd800 && point <= 0xdfff));
    }

    @Test
    void onlyTheLastTwentyAreKept() {
        read(IntStream.range(0, 100_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n")));
        assertThat(heard).hasSize(100_000);
        assertThat(output.lastLines())
                .hasSize(Output.KEPT)
                .startsWith("line 99980")
                .endsWith("line 99999");
    }
}

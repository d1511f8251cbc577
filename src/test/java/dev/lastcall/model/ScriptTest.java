package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    @Test
    void countsToTheNumber() {
        assertThat(said("count to 3")).containsExactly("1 ", "2 ", "3 ");
        assertThat(said(" count to 002\n")).containsExactly("1 ", "2 ");
        assertThat(said("count to 0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"count to 99999999999", "count to 99999999999999999999999999999999999999999"})
    void absurdNumberCostsNothingBeforeItIsReached(String input) {
        Iterator<String> script = Script.of(input, 0);

        assertThat(script.next()).isEqualTo("1 ");
        assertThat(script.next()).isEqualTo("2 ");
        assertThat(script).hasNext();
    }

    @Test
    void echoesWordByWord() {
        assertThat(said("well, hello there")).containsExactly("well, ", "hello ", "there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one",
                "  leading",
                "trailing \n ",
                "two\t\twords",
                "   ",
                "count to -5",
                "count to five",
                "Count to 3 please",
                "naïve 👩‍🚀 \u2003 é"
            })
    void echoIsTheInputWhereItIsPutTogetherAgain(String input) {
        assertThat(String.join("", said(input))).isEqualTo(input);
    }

    private static List<String> said(String input) {
        List<String> tokens = new ArrayList<>();
        Script.of(input, 0).forEachRemaining(tokens::add);
        return tokens;
    }
}

package dev.lastcall.management.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "850, 850 ms",
        "18500, 18.5 s",
        "59999, 60.0 s",
        "125000, 2 min 05 s",
        "3720000, 1 h 02 min",
        "273600000, 3 d 04 h",
        "-1500, −1.5 s"
    })
    void lengthIsShownAsPeopleSayIt(long millis, String shown) {
        assertThat(Wording.length(Duration.ofMillis(millis))).isEqualTo(shown);
    }

    @Test
    void stateThatAnotherPodMadeUpStaysAWord() {
        assertThat(Wording.badge("<x onload=1>"))
                .hasToString("<span class=\"badge s-xonload\"><span aria-hidden=\"true\">■</span> &lt;x"
                        + " onload=1&gt;</span>");
    }
}

package dev.lastcall.rehearsal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The differences by which a stream that ended properly is told from a whole one. */
class ExpectedEventsTest {
    private static final List<String> WHOLE = List.of("1", "2", "3", "end");

    @ParameterizedTest
    @CsvSource({
        "1 2, ENDED_EARLY",
        "1 2 shutdown, ENDED_EARLY",
        "1 3 end, GAP",
        "1 2 2 3 end, DUPLICATE",
        "1 3 2 end, WRONG_ORDER",
        "2 3 end, GAP",
        "1 2 3 end end, DUPLICATE"
    })
    void differenceIsNamed(String events, LossKind kind) {
        ExpectedEvents expected = ExpectedEvents.of(WHOLE, WHOLE);
        ClientLoss loss =
                catchThrowableOfType(ClientLoss.class, () -> expected.require(List.of(events.split(" ", -1))));
        assertThat(loss.kind()).isEqualTo(kind);
    }

    @Test
    void wholeStreamIsNoLoss() {
        assertThatCode(() -> ExpectedEvents.of(WHOLE, WHOLE).require(WHOLE)).doesNotThrowAnyException();
    }

    @Test
    void whereEventsVaryTheLastOneMustCome() {
        ExpectedEvents expected = ExpectedEvents.of(List.of("a", "[DONE]"), List.of("b", "c", "[DONE]"));
        assertThatCode(() -> expected.require(List.of("d", "[DONE]"))).doesNotThrowAnyException();
        ClientLoss loss = catchThrowableOfType(ClientLoss.class, () -> expected.require(List.of("d")));
        assertThat(loss.kind()).isEqualTo(LossKind.ENDED_EARLY);
    }

    @Test
    void whereNothingIsKnownAProperEndIsEnough() {
        ExpectedEvents expected = ExpectedEvents.of(List.of("a"), List.of("b"));
        assertThatCode(() -> expected.require(List.of())).doesNotThrowAnyException();
    }
}

package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedModelTest {
    private record Rate(double tokensPerSecond) implements ScriptedConfig {
        @Override
        public boolean anyName() {
            return false;
        }
    }

    private final ManualTokenClock clock = new ManualTokenClock();
    private final Model model = new ScriptedModel(new Rate(20), clock);

    @Test
    void firstTokenComesAtOnceAndTheOthersAtTheRate() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 3")), Long.MAX_VALUE);

        assertThat(listener.heard).containsExactly("1 ");
        clock.pass(Duration.ofMillis(49));
        assertThat(listener.heard).hasSize(1);
        clock.pass(Duration.ofMillis(1));
        assertThat(listener.heard).containsExactly("1 ", "2 ");
        assertThat(listener.completions).isZero();
        clock.pass(Duration.ofMillis(50));
        assertThat(listener.heard).containsExactly("1 ", "2 ", "3 ");
        assertThat(listener.completions).isOne();
    }

    @Test
    void oneMinuteIsTwelveHundredTokensWithoutDrift() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 99999999999")), Long.MAX_VALUE);

        clock.pass(Duration.ofMinutes(1));

        assertThat(listener.heard).hasSize(1 + 60 * 20);
        assertThat(clock.pending()).isOne();
    }

    @Test
    void nothingComesThatWasNotRequested() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 9")), 2);

        clock.pass(Duration.ofHours(1));

        assertThat(listener.heard).containsExactly("1 ", "2 ");
        assertThat(clock.pending()).isZero();
    }

    @Test
    void slowReaderGetsItsNextTokenAtOnceAndNoBurst() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 9")), 1);
        clock.pass(Duration.ofHours(1));

        listener.answer.request(5);

        assertThat(listener.heard).containsExactly("1 ", "2 ");
    }

    @Test
    void lateTokensComeInBurstsThatLetOthersSpeak() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 99999999999")), Long.MAX_VALUE);

        clock.stall(Duration.ofMinutes(1));
        assertThat(listener.heard).hasSize(1 + 64);
        clock.stall(Duration.ZERO);
        assertThat(listener.heard).hasSize(1 + 2 * 64);
        listener.answer.cancel();
        assertThat(clock.pending()).isZero();
    }

    @Test
    void cancelStopsTheTimer() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 9")), Long.MAX_VALUE);

        listener.answer.cancel();

        assertThat(clock.pending()).isZero();
        clock.pass(Duration.ofHours(1));
        listener.answer.request(1);
        assertThat(listener.heard).containsExactly("1 ");
        assertThat(listener.completions).isZero();
    }

    @Test
    void emptyAnswerIsAFinishThatWaitsForItsRequest() {
        Listener listener = Listener.to(model.answer(ModelRequest.plain("count to 0")), 0);
        assertThat(listener.completions).isZero();

        listener.answer.request(1);
        listener.answer.request(1);

        assertThat(listener.finish).isNotNull();
        assertThat(listener.heard).isEmpty();
        assertThat(listener.completions).isOne();
    }

    @Test
    void interruptedAnswerGoesOnWithItsNextToken() {
        ModelRequest request = ModelRequest.plain("count to 9").continuing(new Continuation("1 2 3 4 5 6 ", 6));

        Listener listener = Listener.to(model.answer(request), Long.MAX_VALUE);
        clock.pass(Duration.ofMinutes(1));

        assertThat(model.strategy(request)).isEqualTo(Strategy.EXACT);
        assertThat(listener.heard).containsExactly("7 ", "8 ", "9 ");
        assertThat(listener.finish).isEqualTo(new ModelEvent.Finish(FinishReason.STOP, new Usage(3, 0, 3, 0)));
    }

    @Test
    void interruptedEchoGoesOnWithItsNextWord() {
        ModelRequest request = ModelRequest.plain("a b c").continuing(new Continuation("a b ", 2));

        Listener listener = Listener.to(model.answer(request), Long.MAX_VALUE);

        assertThat(listener.heard).containsExactly("c");
    }

    @Test
    void continuedAnswerEndsAtTheSameLimit() {
        ModelRequest request = limited("count to 9", 4).continuing(new Continuation("1 2 3 ", 3));

        Listener listener = Listener.to(model.answer(request), Long.MAX_VALUE);

        assertThat(listener.heard).containsExactly("4 ");
        assertThat(listener.finish).isEqualTo(new ModelEvent.Finish(FinishReason.LENGTH, new Usage(3, 0, 1, 0)));
    }

    @Test
    void answerAsLongAsItsLimitIsWhole() {
        Listener listener = Listener.to(model.answer(limited("a b", 2)), Long.MAX_VALUE);

        clock.pass(Duration.ofMinutes(1));

        assertThat(listener.finish).isEqualTo(new ModelEvent.Finish(FinishReason.STOP, new Usage(2, 0, 2, 0)));
    }

    private static ModelRequest limited(String text, int tokens) {
        ModelRequest plain = ModelRequest.plain(text);
        plain.options().put("max_output_tokens", tokens);
        return plain;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e300, Double.MIN_VALUE, Double.MAX_VALUE})
    void extremeRateStillSpeaks(double rate) {
        Listener listener = Listener.to(new ScriptedModel(new Rate(rate), clock).answer(ModelRequest.plain("a b")), 2);

        clock.pass(Duration.ofDays(1));

        assertThat(listener.heard).containsExactly("a ", "b");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void rateThatIsNoPaceFailsTheStart(double rate) {
        assertThatThrownBy(() -> new ScriptedModel(new Rate(rate), clock))
                .hasMessage("lastcall.model.scripted.tokens-per-second: " + rate
                        + " (expected: a number > 0, as in 20 or 0.5)");
    }
}

package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.RELEASING;
import static dev.lastcall.drain.DrainState.SERVING;
import static dev.lastcall.drain.DrainState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DrainStateTest {
    /** All legal transitions; every other is illegal. */
    private static final Map<DrainState, Set<DrainState>> LEGAL = Map.of(
            SERVING, Set.of(LAME_DUCK, DRAINING),
            LAME_DUCK, Set.of(DRAINING, SERVING),
            DRAINING, Set.of(CANCELLING, DRAINED, SERVING),
            CANCELLING, Set.of(DRAINED),
            DRAINED, Set.of(RELEASING, SERVING),
            RELEASING, Set.of(STOPPED),
            STOPPED, Set.of());

    static Stream<Arguments> everyPair() {
        return Arrays.stream(DrainState.values())
                .flatMap(from -> Arrays.stream(DrainState.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void onlyTheDrawnStepsAreLegal(DrainState from, DrainState to) {
        if (LEGAL.getOrDefault(from, Set.of()).contains(to)) {
            assertThat(from.become(to)).isEqualTo(to);
        } else {
            assertThatIllegalStateException()
                    .isThrownBy(() -> from.become(to))
                    .withMessage("drain: %s → %s (expected: one of %s)", from, to, from.successors());
        }
    }

    @Test
    void theTableHoldsEveryState() {
        assertThat(LEGAL).containsOnlyKeys(DrainState.values());
    }

    @ParameterizedTest
    @CsvSource({"SERVING,false", "LAME_DUCK,true", "DRAINING,true", "CANCELLING,true", "DRAINED,false", "STOPPED,false"
    })
    void aDrainIsUnderWayFromTheLameDuckUntilItIsDrained(DrainState state, boolean underWay) {
        assertThat(state.isUnderWay()).isEqualTo(underWay);
    }

    @Test
    void keysAreTheWordsOfMetricsAndJson() {
        assertThat(Arrays.stream(DrainState.values()).map(DrainState::key))
                .containsExactly("serving", "lame-duck", "draining", "cancelling", "drained", "releasing", "stopped");
        assertThat(Arrays.stream(Trigger.values()).map(Trigger::key))
                .containsExactly("pre-stop", "sigterm", "sighup", "sigint", "operator", "process-exit", "pod-deletion");
        assertThat(Arrays.stream(EntryClass.values()).map(EntryClass::key))
                .containsExactly("unary", "stream", "websocket", "tcp", "run");
        assertThat(Arrays.stream(ReleaseStage.values()).map(ReleaseStage::key))
                .containsExactly(
                        "workers",
                        "sockets",
                        "runs",
                        "model-clients",
                        "vector-store",
                        "embedding-model",
                        "processes",
                        "application",
                        "state",
                        "redis",
                        "postgresql",
                        "telemetry");
    }
}

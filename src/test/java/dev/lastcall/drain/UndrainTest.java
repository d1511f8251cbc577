package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.RELEASING;
import static dev.lastcall.drain.DrainState.SERVING;
import static dev.lastcall.drain.DrainState.STOPPED;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.PRE_STOP;
import static dev.lastcall.drain.Trigger.PROCESS_EXIT;
import static dev.lastcall.drain.Trigger.SIGINT;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class UndrainTest {
    private final DrainFixture fixture = new DrainFixture(new SettingsBuilder().streamPatience("PT5S"));

    /** Brings a drain with this trigger into the state. */
    private void bring(Trigger trigger, DrainState state) {
        Entry entry = fixture.open();
        fixture.begin(trigger);
        if (state == DRAINING) {
            fixture.at(10);
        } else if (state == CANCELLING) {
            fixture.at(22);
        } else if (state != LAME_DUCK) {
            entry.end(Outcome.COMPLETED);
            fixture.at(10);
        }
        if (state == RELEASING || state == STOPPED) {
            assertThat(fixture.drain.beginRelease()).isTrue();
        }
        if (state == STOPPED) {
            fixture.drain.stopped();
        }
        fixture.expect(state);
    }

    @ParameterizedTest
    @EnumSource(names = {"LAME_DUCK", "DRAINING", "DRAINED"})
    void anOperatorsDrainIsUndoneFrom(DrainState state) {
        bring(OPERATOR, state);
        assertThat(fixture.drain.undrain()).isEqualTo(new Undrain.Undone(2));
        fixture.expect(SERVING);
        assertThat(fixture.admits()).isTrue();
        assertThat(fixture.drain.ready()).isTrue();
        DrainView view = fixture.drain.view();
        assertThat(view.triggers()).isEmpty();
        assertThat(view.startedAt()).isNull();
        assertThat(view.generation()).isEqualTo(2);
    }

    static Stream<Arguments> tooLate() {
        List<Arguments> all = new ArrayList<>();
        for (Trigger trigger : List.of(PRE_STOP, SIGTERM, SIGINT, PROCESS_EXIT)) {
            for (DrainState state : List.of(LAME_DUCK, DRAINING, CANCELLING, DRAINED, RELEASING, STOPPED)) {
                boolean reached = (trigger != SIGINT || state != LAME_DUCK)
                        && (trigger != PRE_STOP || (state != RELEASING && state != STOPPED));
                if (reached) {
                    all.add(Arguments.of(trigger, state));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("tooLate")
    void aTerminationIsNotUndone(Trigger trigger, DrainState state) {
        bring(trigger, state);
        assertThat(fixture.drain.undrain()).isInstanceOfSatisfying(Undrain.TooLate.class, late -> {
            assertThat(late.state()).isEqualTo(state);
            boolean undoable = state == LAME_DUCK || state == DRAINING || state == DRAINED;
            assertThat(late.reason())
                    .isEqualTo(
                            undoable
                                    ? "the pod is being terminated, triggers=[" + trigger + "]"
                                    : "a drain cannot be undone in " + state);
        });
        fixture.expect(state);
        assertThat(fixture.drain.view().generation()).isEqualTo(1);
    }

    @Test
    void anOperatorsDrainThatATerminationJoinedIsNotUndone() {
        bring(OPERATOR, DRAINING);
        fixture.trigger(PRE_STOP);
        assertThat(fixture.drain.undrain()).isInstanceOf(Undrain.TooLate.class);
        fixture.expect(DRAINING);
    }

    @Test
    void whileServingThereIsNothingToUndo() {
        assertThat(fixture.drain.undrain()).isEqualTo(new Undrain.Undone(1));
        fixture.time.runPending();
        assertThat(fixture.heard).isEmpty();
    }

    @Test
    void eachUndrainStartsAGeneration() {
        for (long generation = 2; generation < 5; generation++) {
            fixture.begin(OPERATOR);
            assertThat(fixture.drain.undrain()).isEqualTo(new Undrain.Undone(generation));
        }
        fixture.time.runPending();
        assertThat(fixture.heard(Note.Event.UNDRAIN)).hasSize(3).containsOnly("undrained by the operator");
    }

    @Test
    void theTimelineShownIsThatOfThisGeneration() {
        fixture.begin(OPERATOR);
        fixture.drain.undrain();
        assertThat(fixture.drain.view().notes()).isEmpty();
        fixture.begin(OPERATOR);
        assertThat(fixture.drain.view().notes()).extracting(Note::generation).containsExactly(2L, 2L);
    }

    @ParameterizedTest
    @EnumSource(names = {"LAME_DUCK", "DRAINING", "DRAINED"})
    void alarmsOfAnOldGenerationDoNothingEvenWhereTheyHadFired(DrainState state) {
        Entry stream = fixture.open(EntryClass.STREAM);
        if (state == DRAINED) {
            stream.end(Outcome.COMPLETED);
        }
        bring(OPERATOR, state);
        fixture.time.ignoreCancels();
        fixture.drain.undrain();
        fixture.at(3600).expect(SERVING);
        assertThat(stream.isCancelled()).isFalse();
    }

    @Test
    void alarmsOfAnOldGenerationDoNotHurryTheNext() {
        fixture.requests(60, 60).begin(OPERATOR).at(1);
        fixture.time.ignoreCancels();
        fixture.drain.undrain();
        fixture.begin(SIGTERM).justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
    }

    @Test
    void sweepOfAnUndoneDrainTouchesNoEntry() {
        Entry stream = fixture.open(EntryClass.STREAM);
        fixture.begin(OPERATOR).justBefore(15).expect(DRAINING);
        // Between the order to tell and its sweep, as another thread might.
        fixture.time.schedule(Duration.ofNanos(1), fixture.drain::undrain);
        fixture.at(15).expect(SERVING);
        Entry late = fixture.open(EntryClass.STREAM);
        fixture.time.runPending();
        assertThat(late.isCancelled()).isFalse();
        assertThat(stream.isCancelled()).isFalse();
    }

    @Test
    void theEndOfTheLastEntryOfAnUndoneDrainDrainsNothing() {
        bring(OPERATOR, DRAINING);
        fixture.drain.undrain();
        fixture.request().expect(SERVING);
        Entry entry = fixture.open();
        fixture.begin(OPERATOR).at(10).expect(DRAINING);
        entry.end(Outcome.COMPLETED);
        fixture.expect(DRAINING);
    }

    @Test
    void drainedStageCompletesWithServingAtTheUndrain() {
        bring(OPERATOR, DRAINING);
        var first = fixture.drain.whenDrained().toCompletableFuture();
        fixture.drain.undrain();
        var second = fixture.drain.whenDrained().toCompletableFuture();
        fixture.time.runPending();
        assertThat(first).isCompletedWithValue(SERVING);
        assertThat(second).isNotDone();
    }

    @Test
    void theCutsOfAnExpiredPreStopAreNotThoseOfTheNextDrain() {
        fixture.open();
        fixture.begin(PRE_STOP).at(35).expect(SERVING);
        fixture.begin(SIGTERM).at(10).expect(DRAINED);
        Report report = fixture.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals().cut()).isZero();
        assertThat(report.cuts().named()).isEmpty();
        assertThat(report.exitCode()).isZero();
    }
}

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
    private final DrainFixture scene = new DrainFixture(new SettingsBuilder().streamPatience("PT5S"));

    /** Brings a drain with this trigger into the state. */
    private void bring(Trigger trigger, DrainState state) {
        Entry entry = scene.open();
        scene.begin(trigger);
        if (state == DRAINING) {
            scene.at(10);
        } else if (state == CANCELLING) {
            scene.at(22);
        } else if (state != LAME_DUCK) {
            entry.end(Outcome.COMPLETED);
            scene.at(10);
        }
        if (state == RELEASING || state == STOPPED) {
            assertThat(scene.drain.beginRelease()).isTrue();
        }
        if (state == STOPPED) {
            scene.drain.stopped();
        }
        scene.expect(state);
    }

    @ParameterizedTest
    @EnumSource(names = {"LAME_DUCK", "DRAINING", "DRAINED"})
    void anOperatorsDrainIsUndoneFrom(DrainState state) {
        bring(OPERATOR, state);
        assertThat(scene.drain.undrain()).isEqualTo(new Undrain.Undone(2));
        scene.expect(SERVING);
        assertThat(scene.admits()).isTrue();
        assertThat(scene.drain.ready()).isTrue();
        DrainView view = scene.drain.view();
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
        assertThat(scene.drain.undrain()).isInstanceOfSatisfying(Undrain.TooLate.class, late -> {
            assertThat(late.state()).isEqualTo(state);
            boolean undoable = state == LAME_DUCK || state == DRAINING || state == DRAINED;
            assertThat(late.reason())
                    .isEqualTo(
                            undoable
                                    ? "the pod is being terminated, triggers=[" + trigger + "]"
                                    : "a drain cannot be undone in " + state);
        });
        scene.expect(state);
        assertThat(scene.drain.view().generation()).isEqualTo(1);
    }

    @Test
    void anOperatorsDrainThatATerminationJoinedIsNotUndone() {
        bring(OPERATOR, DRAINING);
        scene.trigger(PRE_STOP);
        assertThat(scene.drain.undrain()).isInstanceOf(Undrain.TooLate.class);
        scene.expect(DRAINING);
    }

    @Test
    void whileServingThereIsNothingToUndo() {
        assertThat(scene.drain.undrain()).isEqualTo(new Undrain.Undone(1));
        scene.time.runPending();
        assertThat(scene.heard).isEmpty();
    }

    @Test
    void eachUndrainStartsAGeneration() {
        for (long generation = 2; generation < 5; generation++) {
            scene.begin(OPERATOR);
            assertThat(scene.drain.undrain()).isEqualTo(new Undrain.Undone(generation));
        }
        scene.time.runPending();
        assertThat(scene.heard(Note.Event.UNDRAIN)).hasSize(3).containsOnly("undrained by the operator");
    }

    @Test
    void theTimelineShownIsThatOfThisGeneration() {
        scene.begin(OPERATOR);
        scene.drain.undrain();
        assertThat(scene.drain.view().notes()).isEmpty();
        scene.begin(OPERATOR);
        assertThat(scene.drain.view().notes()).extracting(Note::generation).containsExactly(2L, 2L);
    }

    @ParameterizedTest
    @EnumSource(names = {"LAME_DUCK", "DRAINING", "DRAINED"})
    void alarmsOfAnOldGenerationDoNothingEvenWhereTheyHadFired(DrainState state) {
        Entry stream = scene.open(EntryClass.STREAM);
        if (state == DRAINED) {
            stream.end(Outcome.COMPLETED);
        }
        bring(OPERATOR, state);
        scene.time.ignoreCancels();
        scene.drain.undrain();
        scene.at(3600).expect(SERVING);
        assertThat(stream.isCancelled()).isFalse();
    }

    @Test
    void alarmsOfAnOldGenerationDoNotHurryTheNext() {
        scene.requests(60, 60).begin(OPERATOR).at(1);
        scene.time.ignoreCancels();
        scene.drain.undrain();
        scene.begin(SIGTERM).justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
    }

    @Test
    void sweepOfAnUndoneDrainTouchesNoEntry() {
        Entry stream = scene.open(EntryClass.STREAM);
        scene.begin(OPERATOR).justBefore(15).expect(DRAINING);
        // Between the order to tell and its sweep, as another thread might.
        scene.time.schedule(Duration.ofNanos(1), scene.drain::undrain);
        scene.at(15).expect(SERVING);
        Entry late = scene.open(EntryClass.STREAM);
        scene.time.runPending();
        assertThat(late.isCancelled()).isFalse();
        assertThat(stream.isCancelled()).isFalse();
    }

    @Test
    void theEndOfTheLastEntryOfAnUndoneDrainDrainsNothing() {
        bring(OPERATOR, DRAINING);
        scene.drain.undrain();
        scene.request().expect(SERVING);
        Entry entry = scene.open();
        scene.begin(OPERATOR).at(10).expect(DRAINING);
        entry.end(Outcome.COMPLETED);
        scene.expect(DRAINING);
    }

    @Test
    void drainedStageCompletesWithServingAtTheUndrain() {
        bring(OPERATOR, DRAINING);
        var first = scene.drain.whenDrained().toCompletableFuture();
        scene.drain.undrain();
        var second = scene.drain.whenDrained().toCompletableFuture();
        scene.time.runPending();
        assertThat(first).isCompletedWithValue(SERVING);
        assertThat(second).isNotDone();
    }

    @Test
    void theCutsOfAnExpiredPreStopAreNotThoseOfTheNextDrain() {
        scene.open();
        scene.begin(PRE_STOP).at(35).expect(SERVING);
        scene.begin(SIGTERM).at(10).expect(DRAINED);
        Report report = scene.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals().cut()).isZero();
        assertThat(report.cuts().named()).isEmpty();
        assertThat(report.exitCode()).isZero();
    }
}

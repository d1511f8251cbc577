package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.RELEASING;
import static dev.lastcall.drain.DrainState.SERVING;
import static dev.lastcall.drain.DrainState.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StagesTest {
    @ParameterizedTest
    @EnumSource(names = {"PRE_STOP", "SIGTERM", "SIGHUP", "PROCESS_EXIT"})
    void withTheDefaultsEachStageEndsAtItsInstant(Trigger trigger) {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(trigger).expect(LAME_DUCK);
        scene.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINING);
        scene.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        scene.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
        assertThat(scene.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(29));
    }

    @Test
    void theStagesKeepTheirInstantsWhereTheClockOverflows() {
        DrainFixture scene = new DrainFixture(DrainSettings.defaults(), new FakeTime(Long.MAX_VALUE - 11_000_000_000L));
        scene.open();
        scene.begin(Trigger.SIGTERM);
        scene.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINING);
        scene.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        scene.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
    }

    @Test
    void quietTrafficEndsTheLameDuckAtItsMinimum() {
        DrainFixture scene = new DrainFixture().requests(600, 60);
        scene.begin(Trigger.SIGTERM);
        scene.justBefore(2).expect(LAME_DUCK).at(2).expect(DRAINED);
    }

    @Test
    void theLameDuckStillServesAndDrainingDoesNot() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(Trigger.SIGTERM).justBefore(10);
        assertThat(scene.admits()).isTrue();
        scene.at(10);
        assertThat(scene.admits()).isFalse();
        scene.at(22).expect(CANCELLING);
        assertThat(scene.admits()).isFalse();
        scene.at(25).expect(DRAINED);
        assertThat(scene.admits()).isFalse();
        assertThat(scene.inFlight.totals().rejected()).isEqualTo(3);
    }

    @Test
    void theEndOfTheLastEntryDrainsAtThatInstant() {
        DrainFixture scene = new DrainFixture();
        Entry first = scene.open();
        Entry second = scene.open();
        scene.begin(Trigger.SIGTERM).at(12);
        first.end(Outcome.COMPLETED);
        scene.expect(DRAINING);
        second.end(Outcome.COMPLETED);
        scene.expect(DRAINED);
    }

    @Test
    void theEndOfTheLastEntryInCancellingDrainsWithoutACut() {
        DrainFixture scene = new DrainFixture();
        Entry entry = scene.open();
        scene.begin(Trigger.SIGTERM).at(23).expect(CANCELLING);
        entry.end(Outcome.COMPLETED);
        scene.expect(DRAINED);
        assertThat(scene.inFlight.totals().cut()).isZero();
    }

    @Test
    void nothingInFlightSkipsDrainingAndCancelling() {
        DrainFixture scene = new DrainFixture().begin(Trigger.SIGTERM);
        scene.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
        assertThat(scene.heard(Note.Event.STATE))
                .containsExactly("SERVING → LAME_DUCK", "LAME_DUCK → DRAINING", "DRAINING → DRAINED");
    }

    @Test
    void aDrainedPreStopStaysUntilItsSignal() {
        DrainFixture scene = new DrainFixture().begin(Trigger.PRE_STOP).at(10).expect(DRAINED);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isNotDone();
        assertThat(scene.drain.beginRelease()).isFalse();
        scene.trigger(Trigger.SIGTERM);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGTERM", "SIGHUP", "SIGINT", "PROCESS_EXIT"})
    void aDrainedProcessThatIsToEndReleasesAtOnce(Trigger trigger) {
        DrainFixture scene = new DrainFixture().begin(trigger).at(10).expect(DRAINED);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        assertThat(scene.drain.beginRelease()).isTrue();
        scene.expect(RELEASING);
        assertThat(scene.drain.beginRelease()).isFalse();
        assertThat(scene.admits()).isFalse();
        scene.drain.stopped();
        scene.expect(STOPPED);
        scene.drain.stopped();
        scene.trigger(Trigger.SIGTERM).expect(STOPPED);
    }

    @Test
    void nothingIsReleasedAndNothingStopsWhileServing() {
        DrainFixture scene = new DrainFixture();
        assertThat(scene.drain.beginRelease()).isFalse();
        scene.drain.stopped();
        scene.expect(SERVING);
    }

    @Test
    void drainedStageCompletesAfterTheListeners() {
        DrainFixture scene = new DrainFixture().begin(Trigger.SIGTERM);
        List<String> order = new ArrayList<>();
        scene.drain.subscribe(note -> order.add(note.state().key()));
        scene.drain.whenDrained().thenAccept(state -> order.add("waiter " + state.key()));
        scene.drain.whenReleaseDue().thenRun(() -> order.add("release"));
        scene.at(10);
        assertThat(order).containsExactly("draining", "drained", "waiter drained", "release");
    }

    @Test
    void anOperatorsDrainHasNeitherMaxNorDeadlineNorCancelling() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(Trigger.OPERATOR);
        scene.requests(20, 20).expect(LAME_DUCK);
        scene.at(3600).expect(DRAINING);
        assertThat(scene.drain.view().deadline()).isNull();
        assertThat(scene.drain.view().remaining()).isNull();
        assertThat(scene.drain.haltRemaining()).isNull();
    }

    @Test
    void viewHasTheRemainingBudget() {
        DrainFixture scene = new DrainFixture().begin(Trigger.SIGTERM).at(4);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(25));
        scene.at(31);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(-2));
    }
}

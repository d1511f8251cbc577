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
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(trigger).expect(LAME_DUCK);
        fixture.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINING);
        fixture.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        fixture.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
        assertThat(fixture.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(29));
    }

    @Test
    void theStagesKeepTheirInstantsWhereTheClockOverflows() {
        DrainFixture fixture =
                new DrainFixture(DrainSettings.defaults(), new FakeTime(Long.MAX_VALUE - 11_000_000_000L));
        fixture.open();
        fixture.begin(Trigger.SIGTERM);
        fixture.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINING);
        fixture.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        fixture.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
    }

    @Test
    void quietTrafficEndsTheLameDuckAtItsMinimum() {
        DrainFixture fixture = new DrainFixture().requests(600, 60);
        fixture.begin(Trigger.SIGTERM);
        fixture.justBefore(2).expect(LAME_DUCK).at(2).expect(DRAINED);
    }

    @Test
    void theLameDuckStillServesAndDrainingDoesNot() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(Trigger.SIGTERM).justBefore(10);
        assertThat(fixture.admits()).isTrue();
        fixture.at(10);
        assertThat(fixture.admits()).isFalse();
        fixture.at(22).expect(CANCELLING);
        assertThat(fixture.admits()).isFalse();
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.admits()).isFalse();
        assertThat(fixture.inFlight.totals().rejected()).isEqualTo(3);
    }

    @Test
    void theEndOfTheLastEntryDrainsAtThatInstant() {
        DrainFixture fixture = new DrainFixture();
        Entry first = fixture.open();
        Entry second = fixture.open();
        fixture.begin(Trigger.SIGTERM).at(12);
        first.end(Outcome.COMPLETED);
        fixture.expect(DRAINING);
        second.end(Outcome.COMPLETED);
        fixture.expect(DRAINED);
    }

    @Test
    void theEndOfTheLastEntryInCancellingDrainsWithoutACut() {
        DrainFixture fixture = new DrainFixture();
        Entry entry = fixture.open();
        fixture.begin(Trigger.SIGTERM).at(23).expect(CANCELLING);
        entry.end(Outcome.COMPLETED);
        fixture.expect(DRAINED);
        assertThat(fixture.inFlight.totals().cut()).isZero();
    }

    @Test
    void nothingInFlightSkipsDrainingAndCancelling() {
        DrainFixture fixture = new DrainFixture().begin(Trigger.SIGTERM);
        fixture.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
        assertThat(fixture.heard(Note.Event.STATE))
                .containsExactly("SERVING → LAME_DUCK", "LAME_DUCK → DRAINING", "DRAINING → DRAINED");
    }

    @Test
    void aDrainedPreStopStaysUntilItsSignal() {
        DrainFixture fixture = new DrainFixture().begin(Trigger.PRE_STOP).at(10).expect(DRAINED);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isNotDone();
        assertThat(fixture.drain.beginRelease()).isFalse();
        fixture.trigger(Trigger.SIGTERM);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGTERM", "SIGHUP", "SIGINT", "PROCESS_EXIT"})
    void aDrainedProcessThatIsToEndReleasesAtOnce(Trigger trigger) {
        DrainFixture fixture = new DrainFixture().begin(trigger).at(10).expect(DRAINED);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        assertThat(fixture.drain.beginRelease()).isTrue();
        fixture.expect(RELEASING);
        assertThat(fixture.drain.beginRelease()).isFalse();
        assertThat(fixture.admits()).isFalse();
        fixture.drain.stopped();
        fixture.expect(STOPPED);
        fixture.drain.stopped();
        fixture.trigger(Trigger.SIGTERM).expect(STOPPED);
    }

    @Test
    void nothingIsReleasedAndNothingStopsWhileServing() {
        DrainFixture fixture = new DrainFixture();
        assertThat(fixture.drain.beginRelease()).isFalse();
        fixture.drain.stopped();
        fixture.expect(SERVING);
    }

    @Test
    void drainedStageCompletesAfterTheListeners() {
        DrainFixture fixture = new DrainFixture().begin(Trigger.SIGTERM);
        List<String> order = new ArrayList<>();
        fixture.drain.subscribe(note -> order.add(note.state().key()));
        fixture.drain.whenDrained().thenAccept(state -> order.add("waiter " + state.key()));
        fixture.drain.whenReleaseDue().thenRun(() -> order.add("release"));
        fixture.at(10);
        assertThat(order).containsExactly("draining", "drained", "waiter drained", "release");
    }

    @Test
    void anOperatorsDrainHasNeitherMaxNorDeadlineNorCancelling() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(Trigger.OPERATOR);
        fixture.requests(20, 20).expect(LAME_DUCK);
        fixture.at(3600).expect(DRAINING);
        assertThat(fixture.drain.view().deadline()).isNull();
        assertThat(fixture.drain.view().remaining()).isNull();
        assertThat(fixture.drain.haltRemaining()).isNull();
    }

    @Test
    void viewHasTheRemainingBudget() {
        DrainFixture fixture = new DrainFixture().begin(Trigger.SIGTERM).at(4);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(25));
        fixture.at(31);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(-2));
    }
}

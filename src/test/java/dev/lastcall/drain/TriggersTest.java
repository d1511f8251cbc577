package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.PRE_STOP;
import static dev.lastcall.drain.Trigger.PROCESS_EXIT;
import static dev.lastcall.drain.Trigger.SIGHUP;
import static dev.lastcall.drain.Trigger.SIGINT;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TriggersTest {
    @ParameterizedTest
    @EnumSource
    void aTriggerThatComesAgainChangesNothing(Trigger trigger) {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(trigger);
        DrainView before = fixture.drain.view();
        fixture.trigger(trigger);
        assertThat(fixture.drain.view()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void aTriggerThatComesAgainLaterDoesNotMoveTheDeadline() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGTERM).at(8).trigger(SIGTERM);
        fixture.at(10).expect(DRAINING).at(25).expect(DRAINED);
        assertThat(fixture.heard(Note.Event.TRIGGER)).containsExactly("sigterm");
    }

    @Test
    void triggersAreReportedInTheirOrder() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(OPERATOR).trigger(SIGTERM).trigger(PRE_STOP).at(1).trigger(PROCESS_EXIT);
        assertThat(fixture.drain.view().triggers()).containsExactly(OPERATOR, SIGTERM, PRE_STOP, PROCESS_EXIT);
        assertThat(fixture.heard(Note.Event.TRIGGER))
                .containsExactly("operator", "sigterm", "pre-stop", "process-exit");
    }

    @Test
    void preStopAndTheSignalShareTheFirstOnesBudget() {
        DrainFixture fixture = new DrainFixture().requests(600, 60);
        fixture.begin(PRE_STOP).at(2).expect(DRAINED).at(8).trigger(SIGTERM);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(21));
        assertThat(fixture.drain.haltRemaining()).isEqualTo(Duration.ofSeconds(21));
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void theFirstTerminationTriggerSetsTheDeadlineOfAnOperatorsDrain() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(OPERATOR).at(300).expect(DRAINING).trigger(SIGTERM);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
        fixture.justBefore(322).expect(DRAINING).at(322).expect(CANCELLING);
        fixture.justBefore(325).expect(CANCELLING).at(325).expect(DRAINED);
    }

    @Test
    void aSignalAfterAnOperatorsLongDrainedDrainGetsAFullBudget() {
        DrainFixture fixture =
                new DrainFixture().begin(OPERATOR).at(300).expect(DRAINED).trigger(SIGTERM);
        assertThat(fixture.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(29));
        assertThat(fixture.drain.haltRemaining()).isEqualTo(Duration.ofSeconds(29));
        assertThat(fixture.drain.beginRelease()).isTrue();
        assertThat(fixture.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void aSignalDuringAnUnansweredPreStopLeavesTwoSecondsAndWarns() {
        DrainFixture fixture = new DrainFixture();
        RecordedWork work = new RecordedWork("/slow");
        fixture.open(EntryClass.UNARY, work);
        fixture.beginPreStop();
        fixture.at(5).expect(LAME_DUCK).trigger(SIGTERM);
        assertThat(fixture.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(7));
        assertThat(fixture.heard(Note.Event.WARNING))
                .singleElement()
                .asString()
                .contains("terminationGracePeriodSeconds is shorter than grace-period=30s")
                .contains("2s away");
        fixture.at(7).expect(DRAINED);
        assertThat(work.cuts()).isEqualTo(1);
    }

    @Test
    void aSignalDuringAnUnansweredPreStopNeverLengthensTheBudget() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().releaseReserve("PT0S"));
        fixture.open();
        fixture.beginPreStop();
        fixture.at(28).trigger(SIGTERM);
        assertThat(fixture.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(29));
    }

    @Test
    void twoSecondsAreSharedStreamsAreToldFirstAndHaveHalfOfThem() {
        DrainFixture fixture = new DrainFixture();
        Entry ending = fixture.open(EntryClass.STREAM);
        RecordedWork deaf = new RecordedWork("/deaf");
        fixture.open(EntryClass.STREAM, deaf);
        fixture.beginPreStop();
        fixture.at(5).trigger(SIGTERM).expect(CANCELLING);
        assertThat(ending.isCancelled()).isTrue();
        fixture.justBefore(6).expect(CANCELLING);
        ending.end(Outcome.COMPLETED);
        assertThat(deaf.cuts()).isZero();
        fixture.at(6).expect(DRAINED);
        assertThat(deaf.cuts()).isOne();
        assertThat(fixture.drain.view().totals()).isEqualTo(new Totals(1, 0, 1, 0, 0, 0));
        // The kill comes at seven seconds.
        assertThat(fixture.drain.releaseRemaining()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void lessThanTwoSecondsAreSharedHalfAndHalf() {
        DrainFixture fixture =
                new DrainFixture(new SettingsBuilder().cancelReserve("PT0S").releaseReserve("PT1S"));
        fixture.open();
        fixture.beginPreStop();
        fixture.at(27.9).expect(DRAINING).trigger(SIGTERM).expect(CANCELLING);
        fixture.justBefore(28.45).expect(CANCELLING).at(28.45).expect(DRAINED);
    }

    @Test
    void whatWasToldBeforeTheSignalIsCutWhenItWouldHaveBeen() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.beginPreStop();
        fixture.at(24.5).expect(CANCELLING).trigger(SIGTERM).justBefore(25).expect(CANCELLING);
        fixture.at(25).expect(DRAINED);
    }

    @Test
    void preStopWhoseClientLeftIsNotOpenAndLeavesTheBudgetWhole() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        DrainSignal.Registration hook = fixture.beginPreStop();
        fixture.at(3);
        hook.close();
        hook.close();
        fixture.at(5).trigger(SIGTERM);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void oneOfTwoHooksThatIsStillOpenCounts() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        DrainSignal.Registration first = fixture.beginPreStop();
        fixture.drain.preStop();
        first.close();
        fixture.at(5).trigger(SIGHUP);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(2));
        assertThat(fixture.heard(Note.Event.WARNING)).singleElement().asString().startsWith("SIGHUP came");
    }

    @Test
    void openHookOfADrainThatWasUndoneSaysNothingOfTheNextOne() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.beginPreStop();
        fixture.at(1);
        fixture.drain.expirePreStop();
        fixture.begin(SIGTERM);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void hangUpIsATerminationByItsOwnName() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGHUP).expect(LAME_DUCK).at(25).expect(DRAINED);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        assertThat(fixture.heard(Note.Event.TRIGGER)).containsExactly("sighup");
    }

    @Test
    void aPreStopThatJoinsASignalIsNoReasonForAWarning() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGTERM).at(5).trigger(PRE_STOP);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aProcessThatExitsDuringAPreStopKeepsTheBudget() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(PRE_STOP).at(5).trigger(PROCESS_EXIT);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        fixture.at(40).expect(DRAINED);
    }

    @Test
    void anOperatorCanJoinATermination() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGTERM).at(1).trigger(OPERATOR).at(25).expect(DRAINED);
    }

    @Test
    void anInterruptHasNoLameDuck() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGINT).expect(DRAINING);
        assertThat(fixture.heard(Note.Event.STATE)).containsExactly("SERVING → DRAINING");
    }

    @Test
    void anInterruptEndsTheLameDuckOfAnother() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(SIGTERM).expect(LAME_DUCK).at(1).trigger(SIGINT).expect(DRAINING);
        assertThat(fixture.drain.interrupts()).isEqualTo(1);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(28));
    }
}

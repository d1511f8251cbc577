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
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(trigger);
        DrainView before = scene.drain.view();
        scene.trigger(trigger);
        assertThat(scene.drain.view()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void aTriggerThatComesAgainLaterDoesNotMoveTheDeadline() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGTERM).at(8).trigger(SIGTERM);
        scene.at(10).expect(DRAINING).at(25).expect(DRAINED);
        assertThat(scene.heard(Note.Event.TRIGGER)).containsExactly("sigterm");
    }

    @Test
    void triggersAreReportedInTheirOrder() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(OPERATOR).trigger(SIGTERM).trigger(PRE_STOP).at(1).trigger(PROCESS_EXIT);
        assertThat(scene.drain.view().triggers()).containsExactly(OPERATOR, SIGTERM, PRE_STOP, PROCESS_EXIT);
        assertThat(scene.heard(Note.Event.TRIGGER)).containsExactly("operator", "sigterm", "pre-stop", "process-exit");
    }

    @Test
    void preStopAndTheSignalShareTheFirstOnesBudget() {
        DrainFixture scene = new DrainFixture().requests(600, 60);
        scene.begin(PRE_STOP).at(2).expect(DRAINED).at(8).trigger(SIGTERM);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(21));
        assertThat(scene.drain.haltRemaining()).isEqualTo(Duration.ofSeconds(21));
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void theFirstTerminationTriggerSetsTheDeadlineOfAnOperatorsDrain() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(OPERATOR).at(300).expect(DRAINING).trigger(SIGTERM);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
        scene.justBefore(322).expect(DRAINING).at(322).expect(CANCELLING);
        scene.justBefore(325).expect(CANCELLING).at(325).expect(DRAINED);
    }

    @Test
    void aSignalAfterAnOperatorsLongDrainedDrainGetsAFullBudget() {
        DrainFixture scene =
                new DrainFixture().begin(OPERATOR).at(300).expect(DRAINED).trigger(SIGTERM);
        assertThat(scene.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(29));
        assertThat(scene.drain.haltRemaining()).isEqualTo(Duration.ofSeconds(29));
        assertThat(scene.drain.beginRelease()).isTrue();
        assertThat(scene.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void aSignalDuringAnUnansweredPreStopLeavesTwoSecondsAndWarns() {
        DrainFixture scene = new DrainFixture();
        RecordedWork work = new RecordedWork("/slow");
        scene.open(EntryClass.UNARY, work);
        scene.beginPreStop();
        scene.at(5).expect(LAME_DUCK).trigger(SIGTERM);
        assertThat(scene.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(7));
        assertThat(scene.heard(Note.Event.WARNING))
                .singleElement()
                .asString()
                .contains("terminationGracePeriodSeconds is shorter than grace-period=30s")
                .contains("2s away");
        scene.at(7).expect(DRAINED);
        assertThat(work.cuts()).isEqualTo(1);
    }

    @Test
    void aSignalDuringAnUnansweredPreStopNeverLengthensTheBudget() {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().releaseReserve("PT0S"));
        scene.open();
        scene.beginPreStop();
        scene.at(28).trigger(SIGTERM);
        assertThat(scene.drain.view().deadline()).isEqualTo(Instant.EPOCH.plusSeconds(29));
    }

    @Test
    void twoSecondsAreSharedStreamsAreToldFirstAndHaveHalfOfThem() {
        DrainFixture scene = new DrainFixture();
        Entry ending = scene.open(EntryClass.STREAM);
        RecordedWork deaf = new RecordedWork("/deaf");
        scene.open(EntryClass.STREAM, deaf);
        scene.beginPreStop();
        scene.at(5).trigger(SIGTERM).expect(CANCELLING);
        assertThat(ending.isCancelled()).isTrue();
        scene.justBefore(6).expect(CANCELLING);
        ending.end(Outcome.COMPLETED);
        assertThat(deaf.cuts()).isZero();
        scene.at(6).expect(DRAINED);
        assertThat(deaf.cuts()).isOne();
        assertThat(scene.drain.view().totals()).isEqualTo(new Totals(1, 0, 1, 0, 0, 0));
        // The kill comes at seven seconds.
        assertThat(scene.drain.releaseRemaining()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void lessThanTwoSecondsAreSharedHalfAndHalf() {
        DrainFixture scene =
                new DrainFixture(new SettingsBuilder().cancelReserve("PT0S").releaseReserve("PT1S"));
        scene.open();
        scene.beginPreStop();
        scene.at(27.9).expect(DRAINING).trigger(SIGTERM).expect(CANCELLING);
        scene.justBefore(28.45).expect(CANCELLING).at(28.45).expect(DRAINED);
    }

    @Test
    void whatWasToldBeforeTheSignalIsCutWhenItWouldHaveBeen() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.beginPreStop();
        scene.at(24.5).expect(CANCELLING).trigger(SIGTERM).justBefore(25).expect(CANCELLING);
        scene.at(25).expect(DRAINED);
    }

    @Test
    void preStopWhoseClientLeftIsNotOpenAndLeavesTheBudgetWhole() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        DrainSignal.Registration hook = scene.beginPreStop();
        scene.at(3);
        hook.close();
        hook.close();
        scene.at(5).trigger(SIGTERM);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void oneOfTwoHooksThatIsStillOpenCounts() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        DrainSignal.Registration first = scene.beginPreStop();
        scene.drain.preStop();
        first.close();
        scene.at(5).trigger(SIGHUP);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(2));
        assertThat(scene.heard(Note.Event.WARNING)).singleElement().asString().startsWith("SIGHUP came");
    }

    @Test
    void openHookOfADrainThatWasUndoneSaysNothingOfTheNextOne() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.beginPreStop();
        scene.at(1);
        scene.drain.expirePreStop();
        scene.begin(SIGTERM);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void hangUpIsATerminationByItsOwnName() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGHUP).expect(LAME_DUCK).at(25).expect(DRAINED);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        assertThat(scene.heard(Note.Event.TRIGGER)).containsExactly("sighup");
    }

    @Test
    void aPreStopThatJoinsASignalIsNoReasonForAWarning() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGTERM).at(5).trigger(PRE_STOP);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aProcessThatExitsDuringAPreStopKeepsTheBudget() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(PRE_STOP).at(5).trigger(PROCESS_EXIT);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(24));
        scene.at(25).expect(DRAINED);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
        scene.at(40).expect(DRAINED);
    }

    @Test
    void anOperatorCanJoinATermination() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGTERM).at(1).trigger(OPERATOR).at(25).expect(DRAINED);
    }

    @Test
    void anInterruptHasNoLameDuck() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGINT).expect(DRAINING);
        assertThat(scene.heard(Note.Event.STATE)).containsExactly("SERVING → DRAINING");
    }

    @Test
    void anInterruptEndsTheLameDuckOfAnother() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(SIGTERM).expect(LAME_DUCK).at(1).trigger(SIGINT).expect(DRAINING);
        assertThat(scene.drain.interrupts()).isEqualTo(1);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(28));
    }
}

package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.SERVING;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.PRE_STOP;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PreStopExpiryTest {
    @Test
    void withoutASignalAPreStopIsUndoneFiveSecondsAfterTheGracePeriod() {
        DrainFixture scene = new DrainFixture().begin(PRE_STOP);
        scene.justBefore(35).expect(DRAINED);
        assertThat(scene.admits()).isFalse();
        scene.at(35).expect(SERVING);
        assertThat(scene.admits()).isTrue();
        assertThat(scene.drain.ready()).isTrue();
        assertThat(scene.heard(Note.Event.WARNING)).singleElement().asString().startsWith("expired");
        assertThat(scene.heard(Note.Event.UNDRAIN)).containsExactly("pre-stop expired");
        assertThat(scene.drain.view().generation()).isEqualTo(2);
        assertThat(scene.drain.view().triggers()).isEmpty();
    }

    @Test
    void expiryThatFallsInCancellingHappensOnceDrained() {
        DrainFixture scene = new DrainFixture();
        Entry entry = scene.open();
        scene.begin(PRE_STOP).at(22).expect(CANCELLING);
        // Frozen: every timer that came due meanwhile fires at once, before anything that was cut has ended.
        scene.time.freezeUntil(Duration.ofSeconds(40));
        scene.time.runPending();
        scene.expect(SERVING);
        assertThat(entry.isOpen()).isFalse();
        assertThat(scene.drain.undrain()).isInstanceOf(Undrain.Undone.class);
        assertThat(scene.admits()).isTrue();
    }

    @Test
    void frozenBeyondTheExpiryNothingIsCutSinceNoSignalFollowed() {
        DrainFixture scene = new DrainFixture();
        RecordedWork work = new RecordedWork("/slow");
        Entry entry = scene.open(EntryClass.STREAM, work);
        scene.begin(PRE_STOP).at(12).expect(DRAINING);
        scene.time.freezeUntil(Duration.ofSeconds(40));
        scene.time.runPending();
        scene.expect(SERVING);
        assertThat(work.cuts()).isZero();
        assertThat(entry.isCancelled()).isFalse();
    }

    @Test
    void signalInCancellingKeepsALateExpiryAway() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(PRE_STOP).at(22).expect(CANCELLING);
        scene.time.freezeUntil(Duration.ofSeconds(40));
        scene.drain.trigger(SIGTERM);
        scene.time.runPending();
        scene.expect(DRAINED);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @Test
    void aSecondPreStopDoesNotPutOffTheExpiry() {
        DrainFixture scene = new DrainFixture().begin(PRE_STOP).at(20).trigger(PRE_STOP);
        scene.at(35).expect(SERVING);
    }

    @Test
    void aSignalInTimeKeepsThePreStopFromExpiring() {
        DrainFixture scene = new DrainFixture().begin(PRE_STOP).justBefore(35).trigger(SIGTERM);
        scene.at(60).expect(DRAINED);
        assertThat(scene.drain.expirePreStop()).isFalse();
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aPreStopAfterASignalHasNoExpiry() {
        DrainFixture scene =
                new DrainFixture().begin(SIGTERM).trigger(PRE_STOP).at(100).expect(DRAINED);
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void operatorsDrainSurvivesAnExpiredPreStop() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(OPERATOR).at(20).trigger(PRE_STOP).at(30);
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.expect(DRAINING).at(3600).expect(DRAINING);
        assertThat(scene.drain.view().deadline()).isNull();
        assertThat(scene.drain.view().triggers()).containsExactly(OPERATOR);
        assertThat(scene.drain.view().generation()).isEqualTo(1);
        assertThat(scene.drain.undrain()).isEqualTo(new Undrain.Undone(2));
    }

    @Test
    void theOperatorsDrainStaysDrainedWhereAPreStopOnItExpires() {
        DrainFixture scene =
                new DrainFixture().begin(OPERATOR).at(100).expect(DRAINED).trigger(PRE_STOP);
        scene.at(135).expect(DRAINED);
        assertThat(scene.heard(Note.Event.WARNING)).hasSize(1);
        assertThat(scene.heard(Note.Event.UNDRAIN)).isEmpty();
        assertThat(scene.drain.view().triggers()).containsExactly(OPERATOR);
    }

    @Test
    void theOperatorsLameDuckLosesItsMaxWithThePreStop() {
        DrainFixture scene = new DrainFixture()
                .requests(600, 60)
                .begin(OPERATOR)
                .trigger(PRE_STOP)
                .requests(10, 5);
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.requests(20, 10)
                .expect(LAME_DUCK)
                .justBefore(16)
                .expect(LAME_DUCK)
                .at(16)
                .expect(DRAINED);
    }

    @Test
    void theOperatorsDrainKeepsItsStreamPatienceWhereAPreStopExpires() {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().streamPatience("PT5S"));
        Entry stream = scene.open(EntryClass.STREAM);
        scene.begin(OPERATOR).trigger(PRE_STOP).at(12).expect(DRAINING);
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.justBefore(15);
        assertThat(stream.isCancelled()).isFalse();
        scene.at(15);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void anAlarmOfTheExpiredBudgetThatHadFiredAlreadyDoesNothing() {
        DrainFixture scene = new DrainFixture();
        Entry entry = scene.open();
        scene.begin(OPERATOR).trigger(PRE_STOP).at(12);
        scene.time.ignoreCancels();
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.at(3600).expect(DRAINING);
        assertThat(entry.isCancelled()).isFalse();
    }

    @Test
    void aPreStopAfterAnExpiredOneGetsABudgetOfItsOwn() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(OPERATOR).trigger(PRE_STOP).at(12);
        scene.drain.expirePreStop();
        scene.trigger(PRE_STOP);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
        scene.justBefore(34).expect(DRAINING).at(34).expect(CANCELLING);
    }

    @Test
    void itCanBeExpiredAtOnce() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(PRE_STOP).at(1).expect(LAME_DUCK);
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.expect(SERVING).at(100).expect(SERVING);
    }

    @Test
    void thereIsNothingToExpireWithoutAPreStop() {
        DrainFixture scene = new DrainFixture();
        assertThat(scene.drain.expirePreStop()).isFalse();
        scene.begin(OPERATOR);
        assertThat(scene.drain.expirePreStop()).isFalse();
        scene.expect(LAME_DUCK);
    }

    @Test
    void inCancellingItIsTooLateToExpireAndItHappensOnceDrained() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(PRE_STOP).at(23).expect(CANCELLING);
        assertThat(scene.drain.expirePreStop()).isFalse();
        scene.at(25).expect(DRAINED);
        assertThat(scene.drain.expirePreStop()).isTrue();
        scene.expect(SERVING);
        assertThat(scene.inFlight.cuts().named()).isEmpty();
    }

    @Test
    void drainedStageCompletesWithServingAtTheExpiry() {
        DrainFixture scene = new DrainFixture();
        scene.open();
        scene.begin(PRE_STOP).at(1);
        var waiting = scene.drain.whenDrained().toCompletableFuture();
        scene.drain.expirePreStop();
        assertThat(waiting).isNotDone();
        scene.time.runPending();
        assertThat(waiting).isCompletedWithValue(SERVING);
    }
}

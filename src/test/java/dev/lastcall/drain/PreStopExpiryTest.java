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
        DrainFixture fixture = new DrainFixture().begin(PRE_STOP);
        fixture.justBefore(35).expect(DRAINED);
        assertThat(fixture.admits()).isFalse();
        fixture.at(35).expect(SERVING);
        assertThat(fixture.admits()).isTrue();
        assertThat(fixture.drain.ready()).isTrue();
        assertThat(fixture.heard(Note.Event.WARNING)).singleElement().asString().startsWith("expired");
        assertThat(fixture.heard(Note.Event.UNDRAIN)).containsExactly("pre-stop expired");
        assertThat(fixture.drain.view().generation()).isEqualTo(2);
        assertThat(fixture.drain.view().triggers()).isEmpty();
    }

    @Test
    void expiryThatFallsInCancellingHappensOnceDrained() {
        DrainFixture fixture = new DrainFixture();
        Entry entry = fixture.open();
        fixture.begin(PRE_STOP).at(22).expect(CANCELLING);
        // Frozen: every timer that came due meanwhile fires at once, before anything that was cut has ended.
        fixture.time.freezeUntil(Duration.ofSeconds(40));
        fixture.time.runPending();
        fixture.expect(SERVING);
        assertThat(entry.isOpen()).isFalse();
        assertThat(fixture.drain.undrain()).isInstanceOf(Undrain.Undone.class);
        assertThat(fixture.admits()).isTrue();
    }

    @Test
    void frozenBeyondTheExpiryNothingIsCutSinceNoSignalFollowed() {
        DrainFixture fixture = new DrainFixture();
        RecordedWork work = new RecordedWork("/slow");
        Entry entry = fixture.open(EntryClass.STREAM, work);
        fixture.begin(PRE_STOP).at(12).expect(DRAINING);
        fixture.time.freezeUntil(Duration.ofSeconds(40));
        fixture.time.runPending();
        fixture.expect(SERVING);
        assertThat(work.cuts()).isZero();
        assertThat(entry.isCancelled()).isFalse();
    }

    @Test
    void signalInCancellingKeepsALateExpiryAway() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(PRE_STOP).at(22).expect(CANCELLING);
        fixture.time.freezeUntil(Duration.ofSeconds(40));
        fixture.drain.trigger(SIGTERM);
        fixture.time.runPending();
        fixture.expect(DRAINED);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @Test
    void aSecondPreStopDoesNotPutOffTheExpiry() {
        DrainFixture fixture = new DrainFixture().begin(PRE_STOP).at(20).trigger(PRE_STOP);
        fixture.at(35).expect(SERVING);
    }

    @Test
    void aSignalInTimeKeepsThePreStopFromExpiring() {
        DrainFixture fixture = new DrainFixture().begin(PRE_STOP).justBefore(35).trigger(SIGTERM);
        fixture.at(60).expect(DRAINED);
        assertThat(fixture.drain.expirePreStop()).isFalse();
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aPreStopAfterASignalHasNoExpiry() {
        DrainFixture fixture =
                new DrainFixture().begin(SIGTERM).trigger(PRE_STOP).at(100).expect(DRAINED);
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void operatorsDrainSurvivesAnExpiredPreStop() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(OPERATOR).at(20).trigger(PRE_STOP).at(30);
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.expect(DRAINING).at(3600).expect(DRAINING);
        assertThat(fixture.drain.view().deadline()).isNull();
        assertThat(fixture.drain.view().triggers()).containsExactly(OPERATOR);
        assertThat(fixture.drain.view().generation()).isEqualTo(1);
        assertThat(fixture.drain.undrain()).isEqualTo(new Undrain.Undone(2));
    }

    @Test
    void theOperatorsDrainStaysDrainedWhereAPreStopOnItExpires() {
        DrainFixture fixture =
                new DrainFixture().begin(OPERATOR).at(100).expect(DRAINED).trigger(PRE_STOP);
        fixture.at(135).expect(DRAINED);
        assertThat(fixture.heard(Note.Event.WARNING)).hasSize(1);
        assertThat(fixture.heard(Note.Event.UNDRAIN)).isEmpty();
        assertThat(fixture.drain.view().triggers()).containsExactly(OPERATOR);
    }

    @Test
    void theOperatorsLameDuckLosesItsMaxWithThePreStop() {
        DrainFixture fixture = new DrainFixture()
                .requests(600, 60)
                .begin(OPERATOR)
                .trigger(PRE_STOP)
                .requests(10, 5);
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.requests(20, 10)
                .expect(LAME_DUCK)
                .justBefore(16)
                .expect(LAME_DUCK)
                .at(16)
                .expect(DRAINED);
    }

    @Test
    void theOperatorsDrainKeepsItsStreamPatienceWhereAPreStopExpires() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().streamPatience("PT5S"));
        Entry stream = fixture.open(EntryClass.STREAM);
        fixture.begin(OPERATOR).trigger(PRE_STOP).at(12).expect(DRAINING);
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.justBefore(15);
        assertThat(stream.isCancelled()).isFalse();
        fixture.at(15);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void anAlarmOfTheExpiredBudgetThatHadFiredAlreadyDoesNothing() {
        DrainFixture fixture = new DrainFixture();
        Entry entry = fixture.open();
        fixture.begin(OPERATOR).trigger(PRE_STOP).at(12);
        fixture.time.ignoreCancels();
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.at(3600).expect(DRAINING);
        assertThat(entry.isCancelled()).isFalse();
    }

    @Test
    void aPreStopAfterAnExpiredOneGetsABudgetOfItsOwn() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(OPERATOR).trigger(PRE_STOP).at(12);
        fixture.drain.expirePreStop();
        fixture.trigger(PRE_STOP);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofSeconds(29));
        fixture.justBefore(34).expect(DRAINING).at(34).expect(CANCELLING);
    }

    @Test
    void itCanBeExpiredAtOnce() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(PRE_STOP).at(1).expect(LAME_DUCK);
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.expect(SERVING).at(100).expect(SERVING);
    }

    @Test
    void thereIsNothingToExpireWithoutAPreStop() {
        DrainFixture fixture = new DrainFixture();
        assertThat(fixture.drain.expirePreStop()).isFalse();
        fixture.begin(OPERATOR);
        assertThat(fixture.drain.expirePreStop()).isFalse();
        fixture.expect(LAME_DUCK);
    }

    @Test
    void inCancellingItIsTooLateToExpireAndItHappensOnceDrained() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(PRE_STOP).at(23).expect(CANCELLING);
        assertThat(fixture.drain.expirePreStop()).isFalse();
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.drain.expirePreStop()).isTrue();
        fixture.expect(SERVING);
        assertThat(fixture.inFlight.cuts().named()).isEmpty();
    }

    @Test
    void drainedStageCompletesWithServingAtTheExpiry() {
        DrainFixture fixture = new DrainFixture();
        fixture.open();
        fixture.begin(PRE_STOP).at(1);
        var waiting = fixture.drain.whenDrained().toCompletableFuture();
        fixture.drain.expirePreStop();
        assertThat(waiting).isNotDone();
        fixture.time.runPending();
        assertThat(waiting).isCompletedWithValue(SERVING);
    }
}

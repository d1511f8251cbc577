package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.PRE_STOP;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDeletionTest {
    private static final DrainRequest EVICTED = new DrainRequest("kubernetes", "EvictionByEvictionAPI");

    private final DrainFixture fixture = new DrainFixture();

    private DrainFixture deleted(@Nullable Duration grace) {
        fixture.drain.podDeleted(grace, EVICTED);
        fixture.time.runPending();
        return fixture;
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void itStartsTheDrainOfAPreStopWithTheReasonAndWaitsForItsSignal() {
        Entry entry = fixture.open();
        deleted(seconds(30)).expect(LAME_DUCK).at(22).expect(CANCELLING);
        assertThat(fixture.drain.ready()).isFalse();
        entry.end(Outcome.COMPLETED);
        fixture.at(3600).expect(DRAINED);
        assertThat(fixture.drain.beginRelease()).isFalse();
        assertThat(fixture.drain.haltRemaining()).isNull();
        assertThat(fixture.drain.view().request()).isEqualTo(EVICTED);
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
        assertThat(fixture.trigger(SIGTERM).drain.beginRelease()).isTrue();
    }

    @Test
    void preStopAndSignalJoinItAndTheFirstSetsTheDeadline() {
        fixture.open();
        deleted(seconds(30)).at(3).trigger(PRE_STOP).at(4).trigger(SIGTERM);
        assertThat(fixture.heard(Note.Event.TRIGGER)).containsExactly("pod-deletion", "pre-stop", "sigterm");
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(25));
        assertThat(fixture.drain.view().request()).isEqualTo(EVICTED);
    }

    @Test
    void itJoinsAPreStopAndTheEarlierCounts() {
        fixture.open();
        fixture.begin(PRE_STOP).at(4);
        deleted(seconds(30));
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(25));
        assertThat(fixture.drain.view().request()).isEqualTo(EVICTED);
    }

    @Test
    void nothingUndoesTheDrainOfAPodThatIsKnownToEnd() {
        fixture.begin(PRE_STOP).at(12).expect(DRAINED);
        deleted(null);
        assertThat(fixture.drain.expirePreStop()).isFalse();
        assertThat(fixture.drain.undrain()).isInstanceOf(Undrain.TooLate.class);
        fixture.at(3600).expect(DRAINED);
    }

    @Test
    void aPreStopThatFollowsHasNoExpiry() {
        deleted(null).trigger(PRE_STOP).at(3600).expect(DRAINED);
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void anOperatorsDrainGetsTheDeadline() {
        fixture.open();
        fixture.begin(OPERATOR).at(100).expect(DRAINING);
        deleted(seconds(20));
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(19));
    }

    /** Of 4 s that are left: told to end at 1.5 s, cut at 2.5 s, 1.5 s for the release. */
    @Test
    void aShorterGracePeriodShortensEveryStage() {
        RecordedWork work = new RecordedWork("/slow");
        fixture.open(EntryClass.STREAM, work);
        deleted(seconds(5)).justBefore(1.5).expect(LAME_DUCK).at(1.5).expect(CANCELLING);
        assertThat(fixture.drain.view().remaining()).isEqualTo(Duration.ofMillis(2500));
        fixture.justBefore(2.5);
        assertThat(work.cuts()).isZero();
        fixture.at(2.5).expect(DRAINED);
        assertThat(work.cuts()).isOne();
        assertThat(fixture.heard(Note.Event.WARNING))
                .containsExactly("this pod is given 5s, less than grace-period=30s: the stages share what is left; the"
                        + " deadline is now 4s away");
    }

    @ParameterizedTest
    @CsvSource({"30", "31", "600"})
    void aGracePeriodThatIsNoShorterChangesNothing(long grace) {
        fixture.open();
        deleted(seconds(grace));
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(29));
        fixture.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        assertThat(fixture.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aSecondShorterOneShortensAgainAndALongerOneDoesNot() {
        fixture.open();
        deleted(seconds(30)).at(2);
        deleted(seconds(10));
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(9));
        deleted(seconds(30));
        assertThat(fixture.drain.view().remaining()).isEqualTo(seconds(9));
        assertThat(fixture.heard(Note.Event.TRIGGER)).containsExactly("pod-deletion");
    }

    @Test
    void inCancellingItDoesNotPutOffTheCut() {
        RecordedWork work = new RecordedWork("/slow");
        fixture.open(EntryClass.STREAM, work);
        fixture.begin(PRE_STOP).at(24.5).expect(CANCELLING);
        deleted(seconds(4));
        fixture.at(25);
        assertThat(work.cuts()).isOne();
    }

    @Test
    void aSecondOfGraceIsStillShared() {
        RecordedWork work = new RecordedWork("/slow");
        fixture.open(EntryClass.STREAM, work);
        deleted(seconds(1)).at(0.2).expect(CANCELLING);
        assertThat(work.cuts()).isZero();
        fixture.at(0.7).expect(DRAINED);
    }

    @Test
    void noGraceAtAllEndsEverythingAtOnceAndFailsNowhere() {
        fixture.open();
        deleted(Duration.ZERO).at(0.001).expect(DRAINED);
    }

    @Test
    void signalAtTheEndOfTheGracePeriodStillHasARelease() {
        deleted(seconds(5)).at(5).expect(DRAINED).trigger(SIGTERM);
        assertThat(fixture.drain.beginRelease()).isTrue();
        assertThat(fixture.drain.releaseRemaining()).isEqualTo(Duration.ofMillis(1500));
    }
}

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

    private final DrainFixture scene = new DrainFixture();

    private DrainFixture deleted(@Nullable Duration grace) {
        scene.drain.podDeleted(grace, EVICTED);
        scene.time.runPending();
        return scene;
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    @Test
    void itStartsTheDrainOfAPreStopWithTheReasonAndWaitsForItsSignal() {
        Entry entry = scene.open();
        deleted(seconds(30)).expect(LAME_DUCK).at(22).expect(CANCELLING);
        assertThat(scene.drain.ready()).isFalse();
        entry.end(Outcome.COMPLETED);
        scene.at(3600).expect(DRAINED);
        assertThat(scene.drain.beginRelease()).isFalse();
        assertThat(scene.drain.haltRemaining()).isNull();
        assertThat(scene.drain.view().request()).isEqualTo(EVICTED);
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
        assertThat(scene.trigger(SIGTERM).drain.beginRelease()).isTrue();
    }

    @Test
    void preStopAndSignalJoinItAndTheFirstSetsTheDeadline() {
        scene.open();
        deleted(seconds(30)).at(3).trigger(PRE_STOP).at(4).trigger(SIGTERM);
        assertThat(scene.heard(Note.Event.TRIGGER)).containsExactly("pod-deletion", "pre-stop", "sigterm");
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(25));
        assertThat(scene.drain.view().request()).isEqualTo(EVICTED);
    }

    @Test
    void itJoinsAPreStopAndTheEarlierCounts() {
        scene.open();
        scene.begin(PRE_STOP).at(4);
        deleted(seconds(30));
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(25));
        assertThat(scene.drain.view().request()).isEqualTo(EVICTED);
    }

    @Test
    void nothingUndoesTheDrainOfAPodThatIsKnownToEnd() {
        scene.begin(PRE_STOP).at(12).expect(DRAINED);
        deleted(null);
        assertThat(scene.drain.expirePreStop()).isFalse();
        assertThat(scene.drain.undrain()).isInstanceOf(Undrain.TooLate.class);
        scene.at(3600).expect(DRAINED);
    }

    @Test
    void aPreStopThatFollowsHasNoExpiry() {
        deleted(null).trigger(PRE_STOP).at(3600).expect(DRAINED);
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void anOperatorsDrainGetsTheDeadline() {
        scene.open();
        scene.begin(OPERATOR).at(100).expect(DRAINING);
        deleted(seconds(20));
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(19));
    }

    /** Of 4 s that are left: told to end at 1.5 s, cut at 2.5 s, 1.5 s for the release. */
    @Test
    void aShorterGracePeriodShortensEveryStage() {
        RecordedWork work = new RecordedWork("/slow");
        scene.open(EntryClass.STREAM, work);
        deleted(seconds(5)).justBefore(1.5).expect(LAME_DUCK).at(1.5).expect(CANCELLING);
        assertThat(scene.drain.view().remaining()).isEqualTo(Duration.ofMillis(2500));
        scene.justBefore(2.5);
        assertThat(work.cuts()).isZero();
        scene.at(2.5).expect(DRAINED);
        assertThat(work.cuts()).isOne();
        assertThat(scene.heard(Note.Event.WARNING))
                .containsExactly("this pod is given 5s, less than grace-period=30s: the stages share what is left; the"
                        + " deadline is now 4s away");
    }

    @ParameterizedTest
    @CsvSource({"30", "31", "600"})
    void aGracePeriodThatIsNoShorterChangesNothing(long grace) {
        scene.open();
        deleted(seconds(grace));
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(29));
        scene.justBefore(22).expect(DRAINING).at(22).expect(CANCELLING);
        assertThat(scene.heard(Note.Event.WARNING)).isEmpty();
    }

    @Test
    void aSecondShorterOneShortensAgainAndALongerOneDoesNot() {
        scene.open();
        deleted(seconds(30)).at(2);
        deleted(seconds(10));
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(9));
        deleted(seconds(30));
        assertThat(scene.drain.view().remaining()).isEqualTo(seconds(9));
        assertThat(scene.heard(Note.Event.TRIGGER)).containsExactly("pod-deletion");
    }

    @Test
    void inCancellingItDoesNotPutOffTheCut() {
        RecordedWork work = new RecordedWork("/slow");
        scene.open(EntryClass.STREAM, work);
        scene.begin(PRE_STOP).at(24.5).expect(CANCELLING);
        deleted(seconds(4));
        scene.at(25);
        assertThat(work.cuts()).isOne();
    }

    @Test
    void aSecondOfGraceIsStillShared() {
        RecordedWork work = new RecordedWork("/slow");
        scene.open(EntryClass.STREAM, work);
        deleted(seconds(1)).at(0.2).expect(CANCELLING);
        assertThat(work.cuts()).isZero();
        scene.at(0.7).expect(DRAINED);
    }

    @Test
    void noGraceAtAllEndsEverythingAtOnceAndFailsNowhere() {
        scene.open();
        deleted(Duration.ZERO).at(0.001).expect(DRAINED);
    }

    @Test
    void signalAtTheEndOfTheGracePeriodStillHasARelease() {
        deleted(seconds(5)).at(5).expect(DRAINED).trigger(SIGTERM);
        assertThat(scene.drain.beginRelease()).isTrue();
        assertThat(scene.drain.releaseRemaining()).isEqualTo(Duration.ofMillis(1500));
    }
}

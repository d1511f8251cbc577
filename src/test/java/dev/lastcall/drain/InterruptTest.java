package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.SIGINT;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterruptTest {
    private final DrainFixture scene = new DrainFixture();
    private final Entry entry = scene.open();

    @Test
    void aSecondOneWithinHalfASecondJoins() {
        scene.begin(SIGINT).justBefore(0.5).trigger(SIGINT).expect(DRAINING);
        assertThat(scene.drain.interrupts()).isEqualTo(1);
    }

    @Test
    void aSecondOneAfterHalfASecondSkipsTheWaiting() {
        scene.begin(SIGINT).at(0.5).trigger(SIGINT).expect(CANCELLING);
        assertThat(scene.drain.interrupts()).isEqualTo(2);
        assertThat(entry.isCancelled()).isTrue();
        scene.justBefore(1.5).expect(CANCELLING).at(1.5).expect(DRAINED);
        assertThat(scene.inFlight.totals().cut()).isEqualTo(1);
        assertThat(scene.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @Test
    void whatEndsWithinTheForcedSecondIsNotCut() {
        scene.begin(SIGINT).at(1).trigger(SIGINT).at(1.9);
        entry.end(Outcome.COMPLETED);
        scene.expect(DRAINED).at(30);
        assertThat(scene.inFlight.totals().cut()).isZero();
    }

    @Test
    void oneThatJoinsDoesNotDelayTheOneThatForces() {
        scene.begin(SIGINT).at(0.4).trigger(SIGINT).at(0.6).trigger(SIGINT).expect(CANCELLING);
        assertThat(scene.drain.interrupts()).isEqualTo(2);
    }

    @Test
    void theThirdIsCounted() {
        scene.begin(SIGINT).at(1).trigger(SIGINT).at(1.5).trigger(SIGINT);
        assertThat(scene.drain.interrupts()).isEqualTo(3);
        scene.justBefore(2).expect(CANCELLING).at(2).expect(DRAINED);
    }

    @Test
    void onePressThatIsDeliveredTwiceIsOneWheneverItComes() {
        scene.begin(SIGINT).at(0.02).trigger(SIGINT);
        scene.at(1).trigger(SIGINT).at(1.02).trigger(SIGINT);
        assertThat(scene.drain.interrupts()).isEqualTo(2);
        scene.justBefore(1.5).trigger(SIGINT);
        assertThat(scene.drain.interrupts()).isEqualTo(2);
        scene.at(1.5).trigger(SIGINT);
        assertThat(scene.drain.interrupts()).isEqualTo(3);
    }

    @Test
    void forcingNeverPutsOffTheCut() {
        scene.begin(SIGINT).at(24.5).expect(CANCELLING).trigger(SIGINT);
        scene.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
    }

    @Test
    void forcingLeavesTheDeadlineToTheRelease() {
        scene.begin(SIGINT).at(1).trigger(SIGINT).at(2).expect(DRAINED);
        assertThat(scene.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(27));
    }

    @Test
    void aSecondOneForcesASignalsDrainToo() {
        scene.begin(SIGTERM).at(1).trigger(SIGINT).at(2).trigger(SIGINT).expect(CANCELLING);
    }

    @Test
    void aSignalThatComesAgainDoesNotForceAfterOneInterrupt() {
        scene.begin(SIGINT).at(1).trigger(SIGTERM).at(2).trigger(SIGTERM).expect(DRAINING);
        assertThat(scene.drain.interrupts()).isEqualTo(1);
    }

    @Test
    void aSecondOneForcesAnOperatorsDrainThatWasInterrupted() {
        scene.begin(OPERATOR).at(300).expect(DRAINING).trigger(SIGINT).expect(DRAINING);
        scene.at(301).trigger(SIGINT).expect(CANCELLING).at(302).expect(DRAINED);
    }

    @Test
    void aDrainedProcessHasNothingToForce() {
        entry.end(Outcome.COMPLETED);
        scene.begin(SIGINT).expect(DRAINED).at(1).trigger(SIGINT).expect(DRAINED);
    }
}

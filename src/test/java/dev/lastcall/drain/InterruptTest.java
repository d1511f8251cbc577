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
    private final DrainFixture fixture = new DrainFixture();
    private final Entry entry = fixture.open();

    @Test
    void aSecondOneWithinHalfASecondJoins() {
        fixture.begin(SIGINT).justBefore(0.5).trigger(SIGINT).expect(DRAINING);
        assertThat(fixture.drain.interrupts()).isEqualTo(1);
    }

    @Test
    void aSecondOneAfterHalfASecondSkipsTheWaiting() {
        fixture.begin(SIGINT).at(0.5).trigger(SIGINT).expect(CANCELLING);
        assertThat(fixture.drain.interrupts()).isEqualTo(2);
        assertThat(entry.isCancelled()).isTrue();
        fixture.justBefore(1.5).expect(CANCELLING).at(1.5).expect(DRAINED);
        assertThat(fixture.inFlight.totals().cut()).isEqualTo(1);
        assertThat(fixture.drain.whenReleaseDue().toCompletableFuture()).isCompleted();
    }

    @Test
    void whatEndsWithinTheForcedSecondIsNotCut() {
        fixture.begin(SIGINT).at(1).trigger(SIGINT).at(1.9);
        entry.end(Outcome.COMPLETED);
        fixture.expect(DRAINED).at(30);
        assertThat(fixture.inFlight.totals().cut()).isZero();
    }

    @Test
    void oneThatJoinsDoesNotDelayTheOneThatForces() {
        fixture.begin(SIGINT).at(0.4).trigger(SIGINT).at(0.6).trigger(SIGINT).expect(CANCELLING);
        assertThat(fixture.drain.interrupts()).isEqualTo(2);
    }

    @Test
    void theThirdIsCounted() {
        fixture.begin(SIGINT).at(1).trigger(SIGINT).at(1.5).trigger(SIGINT);
        assertThat(fixture.drain.interrupts()).isEqualTo(3);
        fixture.justBefore(2).expect(CANCELLING).at(2).expect(DRAINED);
    }

    @Test
    void onePressThatIsDeliveredTwiceIsOneWheneverItComes() {
        fixture.begin(SIGINT).at(0.02).trigger(SIGINT);
        fixture.at(1).trigger(SIGINT).at(1.02).trigger(SIGINT);
        assertThat(fixture.drain.interrupts()).isEqualTo(2);
        fixture.justBefore(1.5).trigger(SIGINT);
        assertThat(fixture.drain.interrupts()).isEqualTo(2);
        fixture.at(1.5).trigger(SIGINT);
        assertThat(fixture.drain.interrupts()).isEqualTo(3);
    }

    @Test
    void forcingNeverPutsOffTheCut() {
        fixture.begin(SIGINT).at(24.5).expect(CANCELLING).trigger(SIGINT);
        fixture.justBefore(25).expect(CANCELLING).at(25).expect(DRAINED);
    }

    @Test
    void forcingLeavesTheDeadlineToTheRelease() {
        fixture.begin(SIGINT).at(1).trigger(SIGINT).at(2).expect(DRAINED);
        assertThat(fixture.drain.releaseRemaining()).isEqualTo(Duration.ofSeconds(27));
    }

    @Test
    void aSecondOneForcesASignalsDrainToo() {
        fixture.begin(SIGTERM).at(1).trigger(SIGINT).at(2).trigger(SIGINT).expect(CANCELLING);
    }

    @Test
    void aSignalThatComesAgainDoesNotForceAfterOneInterrupt() {
        fixture.begin(SIGINT).at(1).trigger(SIGTERM).at(2).trigger(SIGTERM).expect(DRAINING);
        assertThat(fixture.drain.interrupts()).isEqualTo(1);
    }

    @Test
    void aSecondOneForcesAnOperatorsDrainThatWasInterrupted() {
        fixture.begin(OPERATOR).at(300).expect(DRAINING).trigger(SIGINT).expect(DRAINING);
        fixture.at(301).trigger(SIGINT).expect(CANCELLING).at(302).expect(DRAINED);
    }

    @Test
    void aDrainedProcessHasNothingToForce() {
        entry.end(Outcome.COMPLETED);
        fixture.begin(SIGINT).expect(DRAINED).at(1).trigger(SIGINT).expect(DRAINED);
    }
}

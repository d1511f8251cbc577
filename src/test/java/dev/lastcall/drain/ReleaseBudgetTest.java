package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.PRE_STOP;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time limits of RELEASING and of the watchdog. */
class ReleaseBudgetTest {
    private final DrainFixture fixture = new DrainFixture();

    private void expectLeft(String release, String halt) {
        assertThat(fixture.drain.releaseRemaining()).as("release").isEqualTo(Duration.parse(release));
        assertThat(fixture.drain.haltRemaining()).as("halt").isEqualTo(Duration.parse(halt));
    }

    @Test
    void itEndsAtTheDeadline() {
        fixture.begin(SIGTERM).at(12).expect(DRAINED);
        expectLeft("PT17S", "PT17S");
        fixture.drain.beginRelease();
        fixture.at(20);
        expectLeft("PT9S", "PT9S");
        fixture.at(29);
        expectLeft("PT0S", "PT0S");
        fixture.at(31);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void itGetsItsMinimumHoweverLateItBegins() {
        fixture.begin(PRE_STOP).at(28.5).trigger(SIGTERM);
        expectLeft("PT1.5S", "PT1.5S");
        fixture.at(29);
        fixture.drain.beginRelease();
        expectLeft("PT1.5S", "PT1.5S");
        fixture.at(30.5);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void aSignalAfterTheDeadlineStillGetsItsMinimum() {
        // The kubelet gives preStop up at T+30 and sends SIGTERM with two seconds to go.
        fixture.begin(PRE_STOP).at(30).trigger(SIGTERM).expect(DRAINED);
        expectLeft("PT1.5S", "PT1.5S");
        fixture.at(31);
        assertThat(fixture.drain.haltRemaining()).isEqualTo(Duration.ofMillis(500));
        fixture.drain.beginRelease();
        expectLeft("PT1.5S", "PT1.5S");
    }

    @Test
    void whereTheKillComesBeforeItsMinimumItEndsInTimeForTheReport() {
        fixture.open();
        fixture.begin(PRE_STOP).at(4);
        fixture.drain.preStop();
        fixture.trigger(SIGTERM).at(5).expect(DRAINED);
        // Told at T+4, cut at T+5, killed at T+6.
        expectLeft("PT0.7S", "PT0.7S");
        fixture.drain.beginRelease();
        expectLeft("PT0.7S", "PT0.7S");
        fixture.at(5.7);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void aDrainThatHangsBeforeAKillIsHaltedInTimeForTheReport() {
        fixture.begin(PRE_STOP).at(1);
        fixture.drain.preStop();
        fixture.trigger(SIGTERM);
        assertThat(fixture.drain.haltRemaining()).isEqualTo(Duration.ofMillis(1700));
    }

    @Test
    void aReleaseThatNeverBeginsIsHaltedAllTheSame() {
        fixture.begin(PRE_STOP).at(30).trigger(SIGTERM).at(31.5).expect(DRAINED);
        assertThat(fixture.drain.haltRemaining()).isZero();
    }

    @Test
    void aDrainThatHangsIsHaltedAtTheDeadline() {
        DrainFixture hanging = new DrainFixture(new SettingsBuilder().releaseReserve("PT0S"));
        hanging.open();
        hanging.begin(SIGTERM).justBefore(29).expect(CANCELLING);
        assertThat(hanging.drain.haltRemaining()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void aProcessThatIsNotEndingIsNotHalted() {
        assertThat(fixture.drain.haltRemaining()).isNull();
        fixture.begin(OPERATOR);
        assertThat(fixture.drain.haltRemaining()).isNull();
        fixture.trigger(PRE_STOP);
        assertThat(fixture.drain.haltRemaining()).isNull();
        fixture.trigger(SIGTERM);
        assertThat(fixture.drain.haltRemaining()).isNotNull();
    }

    @Test
    void aStoppedProcessIsNotHalted() {
        fixture.begin(SIGTERM).at(10);
        fixture.drain.beginRelease();
        fixture.drain.stopped();
        assertThat(fixture.drain.haltRemaining()).isNull();
    }
}

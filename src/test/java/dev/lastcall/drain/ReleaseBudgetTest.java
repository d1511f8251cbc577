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
    private final DrainFixture scene = new DrainFixture();

    private void expectLeft(String release, String halt) {
        assertThat(scene.drain.releaseRemaining()).as("release").isEqualTo(Duration.parse(release));
        assertThat(scene.drain.haltRemaining()).as("halt").isEqualTo(Duration.parse(halt));
    }

    @Test
    void itEndsAtTheDeadline() {
        scene.begin(SIGTERM).at(12).expect(DRAINED);
        expectLeft("PT17S", "PT17S");
        scene.drain.beginRelease();
        scene.at(20);
        expectLeft("PT9S", "PT9S");
        scene.at(29);
        expectLeft("PT0S", "PT0S");
        scene.at(31);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void itGetsItsMinimumHoweverLateItBegins() {
        scene.begin(PRE_STOP).at(28.5).trigger(SIGTERM);
        expectLeft("PT1.5S", "PT1.5S");
        scene.at(29);
        scene.drain.beginRelease();
        expectLeft("PT1.5S", "PT1.5S");
        scene.at(30.5);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void aSignalAfterTheDeadlineStillGetsItsMinimum() {
        // The kubelet gives preStop up at T+30 and sends SIGTERM with two seconds to go.
        scene.begin(PRE_STOP).at(30).trigger(SIGTERM).expect(DRAINED);
        expectLeft("PT1.5S", "PT1.5S");
        scene.at(31);
        assertThat(scene.drain.haltRemaining()).isEqualTo(Duration.ofMillis(500));
        scene.drain.beginRelease();
        expectLeft("PT1.5S", "PT1.5S");
    }

    @Test
    void whereTheKillComesBeforeItsMinimumItEndsInTimeForTheReport() {
        scene.open();
        scene.begin(PRE_STOP).at(4);
        scene.drain.preStop();
        scene.trigger(SIGTERM).at(5).expect(DRAINED);
        // Told at T+4, cut at T+5, killed at T+6.
        expectLeft("PT0.7S", "PT0.7S");
        scene.drain.beginRelease();
        expectLeft("PT0.7S", "PT0.7S");
        scene.at(5.7);
        expectLeft("PT0S", "PT0S");
    }

    @Test
    void aDrainThatHangsBeforeAKillIsHaltedInTimeForTheReport() {
        scene.begin(PRE_STOP).at(1);
        scene.drain.preStop();
        scene.trigger(SIGTERM);
        assertThat(scene.drain.haltRemaining()).isEqualTo(Duration.ofMillis(1700));
    }

    @Test
    void aReleaseThatNeverBeginsIsHaltedAllTheSame() {
        scene.begin(PRE_STOP).at(30).trigger(SIGTERM).at(31.5).expect(DRAINED);
        assertThat(scene.drain.haltRemaining()).isZero();
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
        assertThat(scene.drain.haltRemaining()).isNull();
        scene.begin(OPERATOR);
        assertThat(scene.drain.haltRemaining()).isNull();
        scene.trigger(PRE_STOP);
        assertThat(scene.drain.haltRemaining()).isNull();
        scene.trigger(SIGTERM);
        assertThat(scene.drain.haltRemaining()).isNotNull();
    }

    @Test
    void aStoppedProcessIsNotHalted() {
        scene.begin(SIGTERM).at(10);
        scene.drain.beginRelease();
        scene.drain.stopped();
        assertThat(scene.drain.haltRemaining()).isNull();
    }
}

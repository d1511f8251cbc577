package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code after-lame-duck=serve}: DRAINING goes on admitting until it is empty or CANCELLING begins. */
class AfterLameDuckTest {
    private final DrainFixture scene = new DrainFixture(new SettingsBuilder().serveAfterLameDuck());

    @Test
    void drainingServesAsLongAsSomethingIsInFlight() {
        Entry first = scene.open();
        scene.begin(SIGTERM).at(15).expect(DRAINING);
        Entry second = scene.open();
        first.end(Outcome.COMPLETED);
        scene.expect(DRAINING);
        Entry third = scene.open();
        second.end(Outcome.COMPLETED);
        third.end(Outcome.COMPLETED);
        scene.expect(DRAINED);
        assertThat(scene.admits()).isFalse();
    }

    @Test
    void nothingInFlightAtTheEndOfTheLameDuckDrainsAtOnce() {
        scene.begin(SIGTERM).at(10).expect(DRAINED);
        assertThat(scene.admits()).isFalse();
    }

    @Test
    void cancellingRefuses() {
        scene.open();
        scene.begin(SIGTERM).justBefore(22);
        assertThat(scene.admits()).isTrue();
        scene.at(22).expect(CANCELLING);
        assertThat(scene.admits()).isFalse();
        scene.at(25).expect(DRAINED);
        assertThat(scene.inFlight.totals()).isEqualTo(new Totals(1, 1, 1, 0, 0, 0));
    }

    @Test
    void readinessIsDownAllTheSame() {
        scene.open();
        scene.begin(SIGTERM).at(15).expect(DRAINING);
        assertThat(scene.drain.ready()).isFalse();
    }
}

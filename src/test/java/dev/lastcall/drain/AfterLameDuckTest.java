package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code after-lame-duck=serve}: DRAINING goes on admitting until it is empty or CANCELLING begins. */
class AfterLameDuckTest {
    private final DrainFixture fixture = new DrainFixture(new SettingsBuilder().serveAfterLameDuck());

    @Test
    void drainingServesAsLongAsSomethingIsInFlight() {
        Entry first = fixture.open();
        fixture.begin(SIGTERM).at(15).expect(DRAINING);
        Entry second = fixture.open();
        first.end(Outcome.COMPLETED);
        fixture.expect(DRAINING);
        Entry third = fixture.open();
        second.end(Outcome.COMPLETED);
        third.end(Outcome.COMPLETED);
        fixture.expect(DRAINED);
        assertThat(fixture.admits()).isFalse();
    }

    @Test
    void nothingInFlightAtTheEndOfTheLameDuckDrainsAtOnce() {
        fixture.begin(SIGTERM).at(10).expect(DRAINED);
        assertThat(fixture.admits()).isFalse();
    }

    @Test
    void cancellingRefuses() {
        fixture.open();
        fixture.begin(SIGTERM).justBefore(22);
        assertThat(fixture.admits()).isTrue();
        fixture.at(22).expect(CANCELLING);
        assertThat(fixture.admits()).isFalse();
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.inFlight.totals()).isEqualTo(new Totals(1, 1, 1, 0, 0, 0));
    }

    @Test
    void readinessIsDownAllTheSame() {
        fixture.open();
        fixture.begin(SIGTERM).at(15).expect(DRAINING);
        assertThat(fixture.drain.ready()).isFalse();
    }
}

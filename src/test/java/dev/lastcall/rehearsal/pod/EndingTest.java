package dev.lastcall.rehearsal.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kubelet's order, on a clock that stands still until it is moved. */
class EndingTest {
    private final FakeTime time = new FakeTime();
    private final List<String> steps = new ArrayList<>();

    private Ending ending(Duration grace) {
        long begun = time.nanoTime();
        return new Ending(time, grace, new Ending.Steps() {
            private void note(String step) {
                steps.add(step + "@" + Duration.ofNanos(time.nanoTime() - begun).toMillis());
            }

            @Override
            public void startPreStop() {
                note("preStop");
            }

            @Override
            public void stopPreStop() {
                note("stop");
            }

            @Override
            public void terminate() {
                note("TERM");
            }

            @Override
            public void kill() {
                note("KILL");
            }
        });
    }

    @Test
    void termComesWhenPreStopHasEndedAndKillAtTheGrace() {
        Ending ending = ending(Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(5));
        ending.preStopEnded();
        time.advance(Duration.ofSeconds(60));
        assertThat(steps).containsExactly("preStop@0", "TERM@5000", "KILL@30000");
    }

    @Test
    void preStopThatTakesTheWholeGraceLeavesTwoSeconds() {
        Ending ending = ending(Duration.ofSeconds(30));
        time.advance(Duration.ofSeconds(60));
        ending.preStopEnded();
        assertThat(steps).containsExactly("preStop@0", "stop@30000", "TERM@30000", "KILL@32000");
    }

    @Test
    void preStopThatEndsLateLeavesTwoSecondsToo() {
        Ending ending = ending(Duration.ofSeconds(30));
        time.advance(Duration.ofMillis(29_500));
        ending.preStopEnded();
        time.advance(Duration.ofSeconds(60));
        assertThat(steps).containsExactly("preStop@0", "TERM@29500", "KILL@31500");
    }

    @Test
    void podThatHasExitedIsNotKilled() {
        Ending ending = ending(Duration.ofSeconds(30));
        ending.preStopEnded();
        ending.exited();
        time.advance(Duration.ofSeconds(60));
        assertThat(steps).containsExactly("preStop@0", "TERM@0");
    }

    @Test
    void podThatExitsInItsPreStopGetsNoSignal() {
        Ending ending = ending(Duration.ofSeconds(30));
        ending.exited();
        ending.preStopEnded();
        time.advance(Duration.ofSeconds(60));
        assertThat(steps).containsExactly("preStop@0");
    }
}

package dev.lastcall.process;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.process.ProcessConfig.Restart;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final Duration SHORT = ofSeconds(5);
    private static final Duration SECOND = ofSeconds(1);

    @Test
    void pausesGrowUntilTheLastRestart() {
        Restarts restarts = new Restarts(Restart.ALWAYS, 7, SECOND);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(restarts.after(0, SHORT)).isEqualTo(ofSeconds(seconds));
        }
        assertThat(restarts.after(0, SHORT)).isNull();
    }

    @Test
    void pauseLongerThanTheLongestStaysAsItIs() {
        Restarts restarts = new Restarts(Restart.ALWAYS, 2, ofSeconds(45));
        assertThat(restarts.after(0, SHORT)).isEqualTo(ofSeconds(45));
        assertThat(restarts.after(0, SHORT)).isEqualTo(ofSeconds(45));
    }

    @Test
    void minuteOfRunningStartsTheCountAnew() {
        Restarts restarts = new Restarts(Restart.ALWAYS, 2, ofMillis(100));
        assertThat(restarts.after(1, SHORT)).isEqualTo(ofMillis(100));
        assertThat(restarts.after(1, SHORT)).isEqualTo(ofMillis(200));
        assertThat(restarts.after(1, ofSeconds(60))).isEqualTo(ofMillis(100));
        assertThat(restarts.after(1, ofSeconds(59))).isEqualTo(ofMillis(200));
        assertThat(restarts.after(1, ofSeconds(59))).isNull();
    }

    @Test
    void onlyFailuresAreRestartedOnFailure() {
        Restarts restarts = new Restarts(Restart.ON_FAILURE, 9, SECOND);
        assertThat(restarts.after(0, SHORT)).isNull();
        assertThat(restarts.after(137, SHORT)).isNotNull();
    }

    @Test
    void neverMeansNever() {
        assertThat(new Restarts(Restart.NEVER, 9, SECOND).after(1, SHORT)).isNull();
    }
}

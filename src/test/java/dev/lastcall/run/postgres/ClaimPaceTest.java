package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimPaceTest {
    @Test
    void allPodsTogetherLookAboutTwentyTimesASecond() {
        assertThat(of(2, false)).isEqualTo(Duration.ofMillis(250));
        assertThat(of(5, false)).isEqualTo(Duration.ofMillis(250));
        assertThat(of(20, false)).isEqualTo(Duration.ofSeconds(1));
        assertThat(of(1000, false)).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void podAloneIsQuietUnlessARunWaits() {
        assertThat(of(1, false)).isEqualTo(Duration.ofSeconds(1));
        assertThat(of(1, true)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void keeperAndPodsThatDrainSeeTheFleetInTime() {
        assertThat(ClaimPace.of(fleet(1000, false), true, false)).isEqualTo(Duration.ofMillis(500));
        assertThat(ClaimPace.of(fleet(1000, false), false, true)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void jitterIsAFifth() {
        assertThat(ClaimPace.jittered(Duration.ofMillis(500), 0)).isEqualTo(Duration.ofMillis(400));
        assertThat(ClaimPace.jittered(Duration.ofMillis(500), 1)).isEqualTo(Duration.ofMillis(600));
    }

    private static Duration of(int live, boolean waiting) {
        return ClaimPace.of(fleet(live, waiting), false, false);
    }

    private static Fleet fleet(int live, boolean waiting) {
        return new Fleet(1, false, false, live, List.of(), 0, List.of(), waiting);
    }
}

package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunSettingsTest {
    @Test
    void retentionMustOutlastTheLongestRun() {
        assertThatThrownBy(() -> settings(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(10), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lastcall.run.retention: 1h (expected: > max-duration = 1h)");
    }

    @Test
    void leaseMustLeaveTimeForTheMargin() {
        assertThatThrownBy(() -> settings(Duration.ofHours(2), Duration.ofHours(1), Duration.ofSeconds(2), 1))
                .hasMessage("lastcall.run.lease: 2s (expected: >= 3s)");
    }

    @Test
    void thereIsAtLeastOneAppender() {
        assertThatThrownBy(() -> settings(Duration.ofHours(2), Duration.ofHours(1), Duration.ofSeconds(10), 0))
                .hasMessage("lastcall.run.appenders: 0 (expected: 1 to 16)");
    }

    private static RunSettings settings(Duration retention, Duration maxDuration, Duration lease, int appenders) {
        return new RunSettings(retention, maxDuration, 500, lease, appenders, Duration.ofMillis(5), 0);
    }
}

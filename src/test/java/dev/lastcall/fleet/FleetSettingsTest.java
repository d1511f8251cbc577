package dev.lastcall.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "'', PT2S, P1D, lastcall.fleet.name",
        "a b, PT2S, P1D, lastcall.fleet.name",
        "a, PT0.01S, P1D, lastcall.fleet.refresh",
        "a, PT6M, P1D, lastcall.fleet.refresh",
        "a, PT2S, PT0S, lastcall.fleet.retention"
    })
    void wrongNumberIsNamed(String name, Duration refresh, Duration retention, String key) {
        assertThatThrownBy(() -> new FleetSettings(name, refresh, retention))
                .hasMessageStartingWith(key + ": ")
                .hasMessageContaining("expected: ");
    }

    @Test
    void podIsGoneAfterFiveRefreshes() {
        assertThat(new FleetSettings("a", Duration.ofSeconds(2), Duration.ofDays(1)).expiry())
                .isEqualTo(Duration.ofSeconds(10));
    }
}

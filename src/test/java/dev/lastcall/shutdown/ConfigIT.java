package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings stop the packaged jar's start with one message. */
class ConfigIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lastcall.drain.grace-period|abc|lastcall.drain.grace-period: abc (expected: a duration such as 30s, 500ms or PT30S)",
                "lastcall.drain.readiness|blue|lastcall.drain.readiness: blue (expected: one of keep,flip)",
                "lastcall.drain.exit-margin|-5s|lastcall.drain.exit-margin: PT-5S (expected: a duration >= PT0S)",
                "lastcall.drain.grace-period|5s|lastcall.drain.grace-period: PT5S (expected: > lame-duck.max + cancel-reserve + release-reserve"
                        + " + exit-margin = PT10S + PT3S + PT4S + PT1S = PT18S)",
                "lastcall.drain.grace-perid|3s|lastcall.drain.grace-perid: 3s (expected: a known key; did you mean"
                        + " lastcall.drain.grace-period?)",
                "lastcall.nonsense.of-all-kinds|1|lastcall.nonsense.of-all-kinds: 1 (expected: a known key)"
            })
    void wrongSettingStopsTheStartWithOneMessage(String key, String value, String message) {
        try (Pod pod = Pod.launch(Map.of(key, value))) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(1);
            assertThat(pod.lines()).containsExactly("lastcall cannot start:", message);
        }
    }

    @Test
    void allWrongSettingsAreNamedAtOnce() {
        try (Pod pod = Pod.launch(
                Map.of("lastcall.drain.cancel-reserve", "-1s", "lastcall.drain.x", "1", "lastcall.y", "2"))) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(1);
            assertThat(pod.lines())
                    .hasSize(4)
                    .anyMatch(line -> line.startsWith("lastcall.drain.cancel-reserve: PT-1S"))
                    .anyMatch(line -> line.startsWith("lastcall.drain.x: 1"))
                    .anyMatch(line -> line.startsWith("lastcall.y: 2"));
        }
    }

    @Test
    void portInUseIsSaidWithoutAStackTrace() {
        try (Pod first = Pod.start(Map.of());
                Pod second = Pod.launch(Map.of("quarkus.http.port", Integer.toString(first.httpPort())))) {
            assertThat(second.exitCode(LIMIT)).isEqualTo(1);
            assertThat(second.lines())
                    .anyMatch(line -> line.contains(Integer.toString(first.httpPort())))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }
}

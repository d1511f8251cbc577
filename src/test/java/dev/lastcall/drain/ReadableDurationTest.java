package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadableDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT30S, 30s",
        "PT1.5S, 1500ms",
        "PT-1S, -1s",
        "PT90S, 90s",
        "PT2M, 2m",
        "PT2H, 2h",
        "P30D, 30d",
        "PT0.0000005S, PT0.0000005S",
        "PT2562047788015215H, 2562047788015215h",
        "PT2562047788015215H1S, 9223372036854774001s",
    })
    void isWrittenAsInAConfiguration(Duration duration, String written) {
        assertThat(ReadableDuration.of(duration)).isEqualTo(written);
        if (written.length() < 12 && !duration.isNegative()) {
            assertThat(new DurationConverter().convert(written)).isEqualTo(duration);
        }
    }
}

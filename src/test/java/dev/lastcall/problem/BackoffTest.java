package dev.lastcall.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final Backoff backoff = new Backoff(3, Duration.ofSeconds(30), () -> 1);

    @Test
    void waitsDoubleUntilThereAreNoMoreRetries() {
        assertThat(backoff.delay(0, null)).contains(Duration.ofMillis(250));
        assertThat(backoff.delay(1, null)).contains(Duration.ofMillis(500));
        assertThat(backoff.delay(2, null)).contains(Duration.ofSeconds(1));
        assertThat(backoff.delay(3, null)).isEmpty();
    }

    @Test
    void chanceTakesUpToHalfAway() {
        assertThat(new Backoff(3, Duration.ofSeconds(30), () -> 0).delay(0, null))
                .contains(Duration.ofMillis(125));
    }

    @Test
    void waitStaysBelowTheLimitAndALongerRetryAfterIsRefused() {
        Backoff patient = new Backoff(99, Duration.ofSeconds(30), () -> 1);

        assertThat(patient.delay(98, null)).contains(Duration.ofSeconds(30));
        assertThat(patient.delay(0, Duration.ofSeconds(30))).contains(Duration.ofSeconds(30));
        assertThat(patient.delay(0, Duration.ofSeconds(31))).isEmpty();
    }

    @Test
    void wordsOfTheUpstreamAreUnderstood() {
        assertThat(Backoff.asked("1500", "9", NOW)).isEqualTo(Duration.ofMillis(1500));
        assertThat(Backoff.asked(null, "0.5", NOW)).isEqualTo(Duration.ofMillis(500));
        assertThat(Backoff.asked(null, "Tue, 24 Nov 2026 12:00:07 GMT", NOW)).isEqualTo(Duration.ofSeconds(7));
        assertThat(Backoff.asked(null, "Tue, 24 Nov 2026 11:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
        assertThat(Backoff.asked(null, "soon", NOW)).isNull();
        assertThat(Backoff.asked(null, null, NOW)).isNull();
    }
}

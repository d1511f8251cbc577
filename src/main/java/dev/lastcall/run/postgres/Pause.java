package dev.lastcall.run.postgres;

import java.time.Duration;

/** The pause before the next attempt: doubled by each failure in a row, up to a second. Not thread-safe. */
final class Pause {
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private Duration next = SHORTEST;
    private boolean failing;

    /** The pause after one more failure. */
    Duration grow() {
        Duration now = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        failing = true;
        return now;
    }

    /** Whether the last attempt failed. */
    boolean isFailing() {
        return failing;
    }

    void reset() {
        next = SHORTEST;
        failing = false;
    }
}

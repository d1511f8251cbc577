package dev.lastcall.run.postgres;

import java.time.Duration;

/** Limits and intervals of runs in PostgreSQL, checked ({@code lastcall.run.*}). */
public record RunSettings(
        Duration retention,
        Duration maxDuration,
        int maxOwned,
        Duration lease,
        int appenders,
        Duration commitInterval,
        long version) {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

    /** The highest format of rows that this version understands; it claims no run of a higher one. */
    static final int FORMAT = 1;

    /** @throws IllegalArgumentException naming the key, its value and what was expected */
    public RunSettings {
        require(maxDuration.toMillis() > 0, "max-duration", maxDuration, "> 0s");
        require(retention.compareTo(maxDuration) > 0, "retention", retention, "> max-duration = " + maxDuration);
        require(maxOwned > 0, "max-owned", maxOwned, "> 0");
        require(lease.compareTo(SHORTEST_LEASE) >= 0, "lease", lease, ">= " + SHORTEST_LEASE);
        require(appenders > 0 && appenders <= 16, "appenders", appenders, "1 to 16");
        require(!commitInterval.isNegative(), "commit-interval", commitInterval, ">= 0s");
    }

    private static void require(boolean fits, String key, Object value, String expected) {
        if (!fits) {
            throw new IllegalArgumentException("lastcall.run." + key + ": " + value + " (expected: " + expected + ")");
        }
    }
}

package dev.lastcall.run.postgres;

import dev.lastcall.drain.ReadableDuration;
import java.time.Duration;

/**
 * Limits and intervals of runs in PostgreSQL, checked ({@code lastcall.run.*}).
 *
 * @param requests how long requests may wait for PostgreSQL, and how many
 * @param makesPartitions whether this service makes and drops the log's partitions
 */
public record RunSettings(
        Duration retention,
        Duration maxDuration,
        int maxOwned,
        Duration lease,
        int appenders,
        Duration commitInterval,
        long version,
        Session.Queue requests,
        boolean makesPartitions) {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

    /** The highest format of rows that this version understands; it claims no run of a higher one. */
    static final int FORMAT = 3;

    /** @throws IllegalArgumentException naming the key, its value and what was expected */
    public RunSettings {
        require(maxDuration.toMillis() > 0, "max-duration", maxDuration, "> 0s");
        require(
                retention.compareTo(maxDuration) > 0,
                "retention",
                retention,
                "> max-duration = " + ReadableDuration.of(maxDuration));
        require(maxOwned > 0, "max-owned", maxOwned, "> 0");
        require(lease.compareTo(SHORTEST_LEASE) >= 0, "lease", lease, ">= " + ReadableDuration.of(SHORTEST_LEASE));
        require(appenders > 0 && appenders <= 16, "appenders", appenders, "1 to 16");
        require(!commitInterval.isNegative(), "commit-interval", commitInterval, ">= 0s");
    }

    /** The usual queue, and partitions of our own. */
    public RunSettings(
            Duration retention,
            Duration maxDuration,
            int maxOwned,
            Duration lease,
            int appenders,
            Duration commitInterval,
            long version) {
        this(retention, maxDuration, maxOwned, lease, appenders, commitInterval, version, Session.Queue.USUAL, true);
    }

    /** The same with another queue and whether partitions are made here. */
    public RunSettings with(Duration maxWait, int maxWaiting, boolean partitions) {
        require(maxWait.toMillis() > 0, "max-wait", maxWait, "> 0s");
        require(maxWaiting > 0, "max-waiting", maxWaiting, "> 0");
        Session.Queue queue = new Session.Queue(maxWait, maxWaiting);
        return new RunSettings(
                retention, maxDuration, maxOwned, lease, appenders, commitInterval, version, queue, partitions);
    }

    /** PrimaryConnections that are busy at the same time: lease, claims and inserts, reads, each appender, and one for whatever else. */
    public int connections() {
        return 4 + appenders;
    }

    private static void require(boolean fits, String key, Object value, String expected) {
        if (!fits) {
            Object shown = value instanceof Duration duration ? ReadableDuration.of(duration) : value;
            throw new IllegalArgumentException("lastcall.run." + key + ": " + shown + " (expected: " + expected + ")");
        }
    }
}

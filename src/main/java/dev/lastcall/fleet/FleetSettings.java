package dev.lastcall.fleet;

import dev.lastcall.drain.ReadableDuration;
import java.time.Duration;

/**
 * The numbers of the fleet.
 *
 * @param name which fleet
 * @param refresh between two signs of life
 * @param retention of past drains
 */
record FleetSettings(String name, Duration refresh, Duration retention) {
    private static final String PREFIX = "lastcall.fleet.";
    private static final Duration SHORTEST_REFRESH = Duration.ofMillis(100);
    private static final Duration LONGEST_REFRESH = Duration.ofMinutes(5);
    private static final int REFRESHES_OF_SILENCE = 5;

    FleetSettings {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    PREFIX + "name: " + name + " (expected: 1 to 64 letters, digits, dots, dashes and underscores)");
        }
        if (refresh.compareTo(SHORTEST_REFRESH) < 0 || refresh.compareTo(LONGEST_REFRESH) > 0) {
            throw new IllegalArgumentException(PREFIX + "refresh: " + ReadableDuration.of(refresh) + " (expected: from "
                    + ReadableDuration.of(SHORTEST_REFRESH) + " to " + ReadableDuration.of(LONGEST_REFRESH) + ")");
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException(
                    PREFIX + "retention: " + ReadableDuration.of(retention) + " (expected: a duration > 0s)");
        }
    }

    static FleetSettings of(FleetConfig config) {
        return new FleetSettings(config.name(), config.refresh(), config.retention());
    }

    /** The silence after which a pod counts as gone. */
    Duration expiry() {
        return refresh.multipliedBy(REFRESHES_OF_SILENCE);
    }
}

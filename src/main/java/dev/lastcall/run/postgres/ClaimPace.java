package dev.lastcall.run.postgres;

import java.time.Duration;

/** The interval of a pod's claims: all pods together claim about 20 times a second, whatever their number. */
final class ClaimPace {
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration SHARE = Duration.ofMillis(50);
    /** Alone, a pod has nothing to find but what it queued itself, and a new pod's arrival. Nor does a pod that drains. */
    private static final Duration QUIET = Duration.ofSeconds(1);
    /** The fleet's row is that old at most, as long as there is more than one pod. */
    private static final Duration KEEPING = Duration.ofMillis(500);

    private ClaimPace() {}

    /**
     * The time between two looks of this pod, without jitter.
     *
     * @param keeper whether this pod keeps the fleet's row
     * @param paused whether it claims nothing, and only wants to know of others
     */
    static Duration of(Fleet fleet, boolean keeper, boolean paused) {
        Duration fair = longer(SHORTEST, SHARE.multipliedBy(fleet.live()));
        if (fleet.live() == 1 && !fleet.waiting()) {
            return QUIET;
        }
        if (keeper) {
            return shorter(fair, KEEPING);
        }
        return paused ? shorter(fair, QUIET) : fair;
    }

    /** Varies a pace by up to a fifth. */
    static Duration jittered(Duration pace, double random) {
        return Duration.ofNanos((long) (pace.toNanos() * (0.8 + 0.4 * random)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

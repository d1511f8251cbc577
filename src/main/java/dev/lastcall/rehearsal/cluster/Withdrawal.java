package dev.lastcall.rehearsal.cluster;

import java.time.Duration;
import java.util.Random;

/**
 * The delays until nodes learn that a pod is no endpoint any more: uniformly between two delays, each node at its own. The same seed gives the same
 * delays to the pod of the same number.
 */
public record Withdrawal(Duration from, Duration to, long seed) {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    public Withdrawal {
        if (from.isNegative() || from.compareTo(to) > 0) {
            throw new IllegalArgumentException(from + ".." + to + " (expected: two delays, the shorter one first)");
        }
    }

    /** Returns the delays of a pod, one for each node. */
    Duration[] delays(int pod, int nodes) {
        Random random = new Random(seed + MULTIPLIER * pod);
        Duration[] delays = new Duration[nodes];
        for (int i = 0; i < nodes; i++) {
            delays[i] =
                    from.plusNanos((long) (random.nextDouble() * to.minus(from).toNanos()));
        }
        return delays;
    }
}

package dev.lastcall.drain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time left of the budget after DRAINED; never negative.
 *
 * @param now in nanoseconds of the clock, like the other instants
 * @param since when the state was entered
 * @param ending when the first trigger that ends the process came; read only where there is one
 */
record Remaining(
        long now,
        DrainState state,
        long since,
        long ending,
        @Nullable Budget budget,
        DrainSettings settings) {
    /**
     * Returns the time until everything must be closed: until the deadline, but never less than RELEASING's minimum, except where the
     * process is killed before that.
     */
    Duration release() {
        long minimum = (state == DrainState.RELEASING ? since : now)
                + settings.releaseMinimum().toNanos();
        return until(budget == null ? minimum : budget.releaseEnd(later(budget.deadline(), minimum)));
    }

    /** Returns the time until what is in flight would be cut. */
    Duration cut() {
        return budget == null ? Duration.ZERO : until(budget.cutAt());
    }

    /** Returns the time until the watchdog must halt the process. */
    Duration halt(Budget running) {
        if (state == DrainState.RELEASING) {
            return release();
        }
        if (state != DrainState.DRAINED) {
            return until(running.releaseEnd(running.deadline()));
        }
        // The release is due but has not begun: a signal that comes at the deadline still gets it its minimum.
        long due = later(since, ending) + settings.releaseMinimum().toNanos();
        return until(running.releaseEnd(later(running.deadline(), due)));
    }

    private Duration until(long end) {
        Duration left = Budget.between(now, end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}

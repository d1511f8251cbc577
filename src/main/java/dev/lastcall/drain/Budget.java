package dev.lastcall.drain;

import java.time.Duration;

/**
 * The one budget of a drain: every instant is cut from its deadline, in nanoseconds of {@link Time#nanoTime()}.
 *
 * @param deadline by when we want to have exited
 * @param cancelAt when streams and requests are told to end
 * @param cutAt when what is left is cut
 */
record Budget(long deadline, long cancelAt, long cutAt) {
    static Budget startingAt(long termination, DrainSettings settings) {
        long whole = settings.gracePeriod().minus(settings.exitMargin()).toNanos();
        return endingAt(termination + whole, settings);
    }

    private static Budget endingAt(long deadline, DrainSettings settings) {
        long cutAt = deadline - settings.releaseReserve().toNanos();
        return new Budget(deadline, cutAt - settings.cancelReserve().toNanos(), cutAt);
    }

    /** This budget, or a shorter one where the deadline is to be earlier. */
    Budget endingBy(long latest, DrainSettings settings) {
        return deadline - latest <= 0 ? this : endingAt(latest, settings);
    }

    /** Waiting is over now; what does not end by {@code latest} is cut. */
    Budget forced(long now, long latest) {
        return new Budget(deadline, now, cutAt - latest <= 0 ? cutAt : latest);
    }

    static Duration between(long from, long to) {
        return Duration.ofNanos(to - from);
    }
}

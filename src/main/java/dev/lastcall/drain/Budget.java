package dev.lastcall.drain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one budget of a drain: every instant is cut from its deadline, in nanoseconds of {@link Time#nanoTime()}.
 *
 * @param deadline by when we want to have exited
 * @param cancelAt when streams and requests are told to end
 * @param cutAt when what is left is cut
 * @param killAt when somebody else ends the process; null where that is far enough behind the deadline
 */
record Budget(
        long deadline, long cancelAt, long cutAt, @Nullable Long killAt) {
    /** The time that streams need to end properly once they are told to. */
    private static final Duration NOTICE = Duration.ofSeconds(1);
    /** An exit margin is at most this part of a grace period. */
    private static final int FEWEST_MARGINS = 5;
    /** For the report before the kill. */
    private static final Duration LAST_WORD = Duration.ofMillis(300);

    static Budget startingAt(long termination, DrainSettings settings) {
        long whole = settings.gracePeriod().minus(settings.exitMargin()).toNanos();
        return endingAt(termination + whole, settings);
    }

    private static Budget endingAt(long deadline, DrainSettings settings) {
        long cutAt = deadline - settings.releaseReserve().toNanos();
        return new Budget(deadline, cutAt - settings.cancelReserve().toNanos(), cutAt, null);
    }

    /**
     * A signal says that no more than {@code left} remains: everything is told to end now, and has at least half of what is left, up to
     * {@link #NOTICE}, before it is cut.
     */
    Budget overtaken(long now, Duration left, DrainSettings settings) {
        long kill = now + left.toNanos();
        Budget ending = endingAt(earlier(deadline, kill), settings);
        return new Budget(ending.deadline, now, later(ending.cutAt, now + ending.notice(now)), kill);
    }

    /**
     * Returns this budget where {@code grace} leaves at least as much, else one in which the stages share what is left as the configured
     * ones share theirs. The last two get at least what an end needs, as far as the stages before them keep a part.
     */
    Budget within(Duration grace, long now, DrainSettings settings) {
        long margin = Math.min(
                settings.exitMargin().toNanos(), grace.dividedBy(FEWEST_MARGINS).toNanos());
        long left = grace.toNanos() - margin;
        if (now + left - deadline >= 0) {
            return this;
        }
        double share = (double) left
                / settings.gracePeriod().minus(settings.exitMargin()).toNanos();
        long release = shared(settings.releaseReserve(), share, settings.releaseMinimum(), left / 2);
        long cancel = shared(settings.cancelReserve(), share, NOTICE, left / 4);
        long cut = now + left - release;
        return new Budget(now + left, cut - cancel, cut, killAt);
    }

    private static long shared(Duration whole, double share, Duration least, long most) {
        long wanted = Math.max((long) (whole.toNanos() * share), Math.min(least.toNanos(), whole.toNanos()));
        return Math.min(wanted, most);
    }

    /**
     * Returns this budget where everything is told to end now. If that comes late, because the process was frozen, the work that was told still has a
     * moment before it is cut: otherwise both would fall into one sweep, and nobody could end properly.
     */
    Budget toldAt(long now, DrainSettings settings) {
        long notice = Math.min(notice(now), settings.cancelReserve().toNanos());
        return new Budget(deadline, cancelAt, later(cutAt, now + notice), killAt);
    }

    /** Returns this budget with a cut no later than the given instant. */
    Budget cutBy(long latest) {
        return new Budget(deadline, cancelAt, earlier(cutAt, latest), killAt);
    }

    private long notice(long now) {
        return Math.max(0, Math.min(NOTICE.toNanos(), (deadline - now) / 2));
    }

    /** Waiting is over now; what does not end by {@code latest} is cut. */
    Budget forced(long now, long latest) {
        return new Budget(deadline, now, earlier(cutAt, latest), killAt);
    }

    /** Returns the instant at which a release that may take until {@code wanted} has to end: a kill is not waited for, whatever was promised. */
    long releaseEnd(long wanted) {
        return killAt == null ? wanted : earlier(wanted, killAt - LAST_WORD.toNanos());
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    static Duration between(long from, long to) {
        return Duration.ofNanos(to - from);
    }
}

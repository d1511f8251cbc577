package dev.lastcall.drain;

import java.time.Duration;

/**
 * The end of the lame duck: at its {@code max}, or after {@code min} once no counted request came for the quiet gap.
 *
 * @param start when it began, in nanoseconds of the clock
 * @param gap the silence to wait for: max(quiet-period, 5 × the mean gap of the last minute of SERVING)
 * @param trafficTooSparse too few requests in that minute for a silence to mean anything
 */
record LameDuckWatch(long start, Duration gap, boolean trafficTooSparse) {
    private static final int FEWEST_REQUESTS = 5;
    private static final int GAPS_OF_SILENCE = 5;

    static LameDuckWatch startingAt(long now, long servedFor, InFlight inFlight, DrainSettings.LameDuck settings) {
        long arrivals = inFlight.arrivalsInWindow(now);
        if (arrivals < FEWEST_REQUESTS) {
            return new LameDuckWatch(now, settings.max(), true);
        }
        long window = Math.min(Arrivals.WINDOW.toNanos(), servedFor);
        Duration silence = Duration.ofNanos(window / arrivals * GAPS_OF_SILENCE);
        return new LameDuckWatch(
                now, silence.compareTo(settings.quietPeriod()) > 0 ? silence : settings.quietPeriod(), false);
    }

    /**
     * The instant at which it ends unless another request comes.
     *
     * @param limited a termination trigger is there, so {@code max} holds. Without one, sparse traffic is waited out by {@code max} of
     *     silence instead.
     */
    long endsAt(InFlight inFlight, DrainSettings.LameDuck settings, boolean limited) {
        long max = start + settings.max().toNanos();
        if (limited && trafficTooSparse) {
            return max;
        }
        long quiet = inFlight.lastArrivalSince(start) + gap.toNanos();
        long min = start + settings.min().toNanos();
        long end = quiet - min > 0 ? quiet : min;
        return limited && end - max > 0 ? max : end;
    }
}

package dev.lastcall.drain;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Counts the requests of each of the last {@value #SECONDS} seconds, with the time of the last one. Guarded by its owner's lock. */
final class Arrivals {
    static final int SECONDS = 60;
    static final Duration WINDOW = Duration.ofSeconds(SECONDS);
    private static final long NONE = Long.MIN_VALUE;
    /** A power of two above the window, so that a slot is free before it is needed again. */
    private static final int SLOTS = 64;

    private final int[] counts = new int[SLOTS];
    private final long[] secondOfSlot = new long[SLOTS];
    private long second = NONE;
    private int slot;
    /** The instant of the last one in an array of its own that is longer than a cache line: it is written at each admission. */
    private final long[] last = new long[SLOTS];

    void note(long now) {
        long current = now / TimeUnit.SECONDS.toNanos(1);
        if (current != second) {
            turnTo(current);
        }
        counts[slot]++;
        last[0] = now;
    }

    /** A new drain is measured by the traffic since the last one was undone. */
    void forget() {
        Arrays.fill(counts, 0);
        second = NONE;
    }

    private void turnTo(long current) {
        second = current;
        slot = (int) (current & (SLOTS - 1));
        if (secondOfSlot[slot] != current) {
            secondOfSlot[slot] = current;
            counts[slot] = 0;
        }
    }

    /** Requests within the window that ends now. */
    long inWindow(long now) {
        long newest = now / TimeUnit.SECONDS.toNanos(1);
        long sum = 0;
        for (int i = 0; i < SLOTS; i++) {
            long age = newest - secondOfSlot[i];
            if (age >= 0 && age < SECONDS) {
                sum += counts[i];
            }
        }
        return sum;
    }

    /** The later of {@code earliest} and the last arrival, in nanoseconds of the clock. */
    long lastSince(long earliest) {
        return second != NONE && last[0] - earliest > 0 ? last[0] : earliest;
    }
}

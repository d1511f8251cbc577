package dev.lastcall.run.redis;

import dev.lastcall.drain.Time;
import java.time.Duration;

/**
 * Keeps calls from a server that does not answer: after a failure none for a while, then one, whose outcome decides. The while doubles up to a
 * limit. Thread-safe.
 */
final class Breaker {
    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration LONGEST = Duration.ofSeconds(5);

    private final Time time;
    private Duration rest = Duration.ZERO;
    private long opened;
    private boolean trying;

    Breaker(Time time) {
        this.time = time;
    }

    /** Returns whether a call may be made now; the caller must report its outcome. */
    synchronized boolean allows() {
        if (rest.isZero()) {
            return true;
        }
        boolean rested = time.nanoTime() - opened >= rest.toNanos();
        boolean one = rested && !trying;
        trying |= one;
        return one;
    }

    synchronized void succeeded() {
        rest = Duration.ZERO;
        trying = false;
    }

    synchronized void failed() {
        Duration twice = rest.isZero() ? FIRST : rest.multipliedBy(2);
        rest = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        opened = time.nanoTime();
        trying = false;
    }

    /** Returns how long calls stay suspended. */
    synchronized Duration rest() {
        return rest;
    }
}

package dev.lastcall.model;

import java.time.Duration;

/** The clock and timer of the scripted model, replaced in tests. Thread-safe. */
interface TokenClock {
    /** Monotonic nanoseconds, comparable by difference only. */
    long nanoTime();

    /**
     * Runs the action once after the delay, never inside this call.
     *
     * @return takes the action back where it has not begun
     */
    Runnable after(Duration delay, Runnable action);
}

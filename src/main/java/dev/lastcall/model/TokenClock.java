package dev.lastcall.model;

import java.time.Duration;

/** Clock and timer of the scripted model, so that a test can hold both. Thread-safe. */
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

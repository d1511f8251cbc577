package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;

/** Clock and timer of the engine in one, so that a test can hold both. Thread-safe. */
@Internal
public interface Time {
    /** Monotonic nanoseconds, comparable by difference only. */
    long nanoTime();

    /** The wall clock, for reports. */
    Instant instant();

    /** Runs the action once, on the timer's own thread and never on the caller's; a delay of zero or less means now. */
    Alarm schedule(Duration delay, Runnable action);

    /** A pending action. */
    interface Alarm {
        /** Takes the action back where it has not begun. */
        void cancel();
    }
}

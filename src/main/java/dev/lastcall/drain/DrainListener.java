package dev.lastcall.drain;

/** Receives every note of the timeline, in order, on the engine's timer thread. Must not block: the timers wait meanwhile. */
@Internal
@FunctionalInterface
public interface DrainListener {
    void noted(Note note);
}

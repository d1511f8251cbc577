package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of the timeline.
 *
 * @param elapsed since the drain's first trigger
 * @param generation which drain of this process
 * @param state the state after the event
 * @param event {@code trigger}, {@code state}, {@code warning} or {@code undrain}
 * @param detail what happened, in words
 * @param lasted for {@code state}: how long the previous state lasted; else zero
 */
@Internal
public record Note(
        Instant at, Duration elapsed, long generation, DrainState state, Event event, String detail, Duration lasted) {
    /** The kinds of notes. */
    public enum Event {
        TRIGGER,
        STATE,
        WARNING,
        UNDRAIN
    }
}

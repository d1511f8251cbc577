package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The state of the drain and the time of its last change; every change is a note of the timeline. Guarded by the engine's lock, the state
 * is read outside too.
 */
final class Progress {
    private final Time time;
    private final DrainTimeline timeline;
    private volatile DrainState state = DrainState.SERVING;
    private long since;
    private long generation = 1;
    private long startedAt;
    private @Nullable Instant startedInstant;
    private CompletableFuture<DrainState> decided = new CompletableFuture<>();

    Progress(Time time, DrainTimeline timeline) {
        this.time = time;
        this.timeline = timeline;
        since = time.nanoTime();
    }

    /** The first trigger of a drain. */
    void begin(long now) {
        startedAt = now;
        startedInstant = time.instant();
    }

    void enter(DrainState next, long now) {
        DrainState left = state;
        state = left.become(next);
        note(Note.Event.STATE, left + " → " + next, Budget.between(since, now));
        since = now;
        if (next == DrainState.DRAINED) {
            decide(next);
        }
    }

    /** Back to SERVING, whose next drain is another generation. */
    void undo(String reason) {
        enter(DrainState.SERVING, time.nanoTime());
        note(Note.Event.UNDRAIN, reason);
        decide(DrainState.SERVING);
        decided = new CompletableFuture<>();
        startedInstant = null;
        generation++;
    }

    private void decide(DrainState outcome) {
        CompletableFuture<DrainState> waiters = decided;
        timeline.later(() -> waiters.complete(outcome));
    }

    void note(Note.Event event, String detail) {
        note(event, detail, Duration.ZERO);
    }

    private void note(Note.Event event, String detail, Duration lasted) {
        Duration elapsed = Budget.between(startedAt, time.nanoTime());
        timeline.add(new Note(time.instant(), elapsed, generation, state, event, detail, lasted));
    }

    DrainState state() {
        return state;
    }

    boolean is(DrainState one) {
        return state == one;
    }

    /** Returns the time at which the state was entered, in nanoseconds of the clock. */
    long since() {
        return since;
    }

    long generation() {
        return generation;
    }

    /** The first trigger; null while SERVING. */
    @Nullable
    Instant startedInstant() {
        return startedInstant;
    }

    /**
     * Returns the time of day of an instant of the clock within this drain: the same at every call, even where the system's clock is set meanwhile.
     */
    Instant worldTime(long instant) {
        Instant start = startedInstant == null ? time.instant() : startedInstant;
        return start.plus(Budget.between(startedAt, instant));
    }

    /** DRAINED, or SERVING where the drain is undone first. */
    CompletableFuture<DrainState> decided() {
        return decided;
    }
}

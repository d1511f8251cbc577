package dev.lastcall.drain;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The notes of the drain and their listeners. Notes are added under the engine's lock, so their order is the order of the transitions;
 * listeners run later, outside it, on the timer's thread and in the same order.
 */
final class DrainTimeline {
    private static final int KEPT = 256;

    private final Time time;
    private final List<DrainListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> notices = new ConcurrentLinkedQueue<>();
    private final Deque<Note> notes = new ArrayDeque<>();

    DrainTimeline(Time time) {
        this.time = time;
    }

    DrainSignal.Registration subscribe(DrainListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void add(Note note) {
        synchronized (notes) {
            if (notes.size() == KEPT) {
                notes.removeFirst();
            }
            notes.addLast(note);
        }
        later(() -> listeners.forEach(listener -> Isolated.run(() -> listener.noted(note))));
    }

    /** Runs the action after the listeners of every note that was added before it. */
    void later(Runnable action) {
        notices.add(action);
        time.schedule(Duration.ZERO, this::deliver);
    }

    private void deliver() {
        for (Runnable next = notices.poll(); next != null; next = notices.poll()) {
            Isolated.run(next);
        }
    }

    List<Note> notes(long generation) {
        List<Note> kept = new ArrayList<>();
        synchronized (notes) {
            notes.stream().filter(note -> note.generation() == generation).forEach(kept::add);
        }
        return List.copyOf(kept);
    }
}

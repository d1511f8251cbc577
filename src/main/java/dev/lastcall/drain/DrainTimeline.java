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
    /** The notes of the oldest kept one's generation that are not kept any more; guarded by the notes. */
    private int forgotten;

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
                forget();
            }
            notes.addLast(note);
        }
        later(() -> listeners.forEach(listener -> Isolated.run(() -> listener.noted(note))));
    }

    private void forget() {
        long generation = notes.removeFirst().generation();
        forgotten = !notes.isEmpty() && notes.getFirst().generation() == generation ? forgotten + 1 : 0;
    }

    /** The notes of this generation and of later ones. */
    PastNotes since(long generation) {
        List<Note> kept = new ArrayList<>();
        synchronized (notes) {
            notes.stream().filter(note -> note.generation() >= generation).forEach(kept::add);
            boolean fromTheOldest = kept.size() == notes.size();
            return new PastNotes(fromTheOldest ? forgotten : 0, List.copyOf(kept));
        }
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

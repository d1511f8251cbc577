package dev.lastcall.drain;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The pending instants of the current drain, one of each purpose. Guarded by the engine's lock, under which the actions run too: one that
 * was cancelled or moved does nothing, even where its alarm had fired before and was waiting for the lock.
 */
final class Timers {
    /** The purpose of a timer; setting one again moves it. */
    enum Purpose {
        LAME_DUCK_END,
        PATIENCE_END,
        CANCEL,
        CUT,
        EXPIRE
    }

    private final Time time;
    private final Object lock;
    private final Map<Purpose, Pending> pending = new EnumMap<>(Purpose.class);
    private long numbered;

    Timers(Time time, Object lock) {
        this.time = time;
        this.lock = lock;
    }

    void set(Purpose purpose, long at, Runnable action) {
        cancel(purpose);
        numbered++;
        long number = numbered;
        Duration delay = Budget.between(time.nanoTime(), at);
        Time.Alarm alarm = time.schedule(delay, () -> fire(purpose, number, action));
        pending.put(purpose, new Pending(number, alarm));
    }

    private void fire(Purpose purpose, long number, Runnable action) {
        synchronized (lock) {
            Pending current = pending.get(purpose);
            if (current != null && current.number() == number) {
                pending.remove(purpose);
                action.run();
            }
        }
    }

    void cancel(Purpose... purposes) {
        for (Purpose purpose : purposes) {
            Pending earlier = pending.remove(purpose);
            if (earlier != null) {
                earlier.alarm().cancel();
            }
        }
    }

    void cancelAll() {
        cancel(Purpose.values());
    }

    private record Pending(long number, Time.Alarm alarm) {}
}

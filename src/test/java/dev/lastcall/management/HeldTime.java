package dev.lastcall.management;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A clock that a test advances; advancing it runs the due alarms in their order. Thread-safe. */
final class HeldTime implements Time {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final Queue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::at).thenComparingLong(Pending::sequence));
    private long now;
    private long scheduled;

    void advance(Duration duration) {
        long target = nanoTime() + duration.toNanos();
        for (Pending next = due(target); next != null; next = due(target)) {
            next.action().run();
        }
        arriveAt(target);
    }

    private synchronized @Nullable Pending due(long target) {
        Pending next = pending.peek();
        if (next == null || next.at() > target) {
            return null;
        }
        arriveAt(next.at());
        return pending.remove();
    }

    private synchronized void arriveAt(long instant) {
        now = Math.max(now, instant);
    }

    synchronized int waiting() {
        return pending.size();
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Instant instant() {
        return START.plusNanos(now);
    }

    @Override
    public synchronized Alarm schedule(Duration delay, Runnable action) {
        Pending alarm = new Pending(now + Math.max(0, delay.toNanos()), scheduled++, action);
        pending.add(alarm);
        return () -> remove(alarm);
    }

    private synchronized void remove(Pending alarm) {
        pending.remove(alarm);
    }

    private record Pending(long at, long sequence, Runnable action) {}
}

package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A clock that a test advances; advancing it runs the due alarms, in order, each at its own instant. Thread-safe. */
public final class FakeTime implements Time {
    private final long origin;
    private final Queue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::at).thenComparingLong(Pending::sequence));
    private long elapsed;
    private long scheduled;
    private boolean deafToCancel;

    public FakeTime() {
        this(Duration.ofSeconds(1000).toNanos());
    }

    public FakeTime(long origin) {
        this.origin = origin;
    }

    /** Makes cancelled alarms fire, as alarms do that have begun and wait for the lock of their canceller. */
    synchronized void ignoreCancels() {
        deafToCancel = true;
    }

    public void advance(Duration duration) {
        advanceTo(elapsed().plus(duration));
    }

    public void advanceTo(Duration sinceStart) {
        long target = sinceStart.toNanos();
        for (Pending next = due(target); next != null; next = due(target)) {
            next.action().run();
        }
        arriveAt(target);
    }

    /** The clock moves and no alarm fires, as in a process that is stopped: all that are due fire at the next move. */
    public void freezeUntil(Duration sinceStart) {
        arriveAt(sinceStart.toNanos());
    }

    public void runPending() {
        advance(Duration.ZERO);
    }

    synchronized Duration elapsed() {
        return Duration.ofNanos(elapsed);
    }

    private synchronized @Nullable Pending due(long target) {
        Pending next = pending.peek();
        if (next == null || next.at() > target) {
            return null;
        }
        pending.remove();
        arriveAt(next.at());
        return next;
    }

    private synchronized void arriveAt(long instant) {
        elapsed = Math.max(elapsed, instant);
    }

    @Override
    public synchronized long nanoTime() {
        return origin + elapsed;
    }

    @Override
    public synchronized Instant instant() {
        return Instant.EPOCH.plusNanos(elapsed);
    }

    @Override
    public synchronized Alarm schedule(Duration delay, Runnable action) {
        long at = delay.isNegative() ? elapsed : elapsed + delay.toNanos();
        Pending alarm = new Pending(at, scheduled, action);
        scheduled++;
        pending.add(alarm);
        return () -> cancel(alarm);
    }

    private synchronized void cancel(Pending alarm) {
        if (!deafToCancel) {
            pending.remove(alarm);
        }
    }

    /** Returns how long each pending alarm has still to wait, in nanoseconds, the next first. */
    synchronized List<Long> dueIn() {
        return pending.stream().map(each -> each.at() - elapsed).sorted().toList();
    }

    /** Returns the number of pending alarms. */
    synchronized int waiting() {
        return pending.size();
    }

    private record Pending(long at, long sequence, Runnable action) {}
}

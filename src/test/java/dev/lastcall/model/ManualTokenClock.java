package dev.lastcall.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Time that passes only when the test says so. */
final class ManualTokenClock implements TokenClock {
    private record Alarm(long at, Runnable action) {}

    private final List<Alarm> alarms = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5; // Overflows in every test, as the real one may.

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
        Alarm alarm = new Alarm(now + delay.toNanos(), action);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        for (var next = next(end); next.isPresent(); next = next(end)) {
            fire(next.get());
        }
        now = end;
    }

    /** Time passes while the timer's thread is busy; then the first alarm goes off. */
    void stall(Duration time) {
        now += time.toNanos();
        fire(next(now).orElseThrow());
    }

    private void fire(Alarm alarm) {
        alarms.remove(alarm);
        now = alarm.at() - now > 0 ? alarm.at() : now;
        alarm.action().run();
    }

    int pending() {
        return alarms.size();
    }

    private Optional<Alarm> next(long end) {
        return alarms.stream()
                .filter(alarm -> end - alarm.at() >= 0)
                .min(Comparator.comparingLong(alarm -> alarm.at() - now));
    }
}

package dev.lastcall.model;

import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Timers of the event loops: an answer ticks on the loop that writes it, and no thread belongs to one answer. */
@Singleton
final class VertxTokenClock implements TokenClock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;

    VertxTokenClock(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Sets a timer. Vert.x counts whole milliseconds, so the delay is rounded up. */
    @Override
    public Runnable after(Duration delay, Runnable action) {
        long millis = Math.max(1, delay.plusNanos(NANOS_PER_MILLI - 1).toMillis());
        long timer = vertx.setTimer(millis, fired -> action.run());
        return () -> vertx.cancelTimer(timer);
    }
}

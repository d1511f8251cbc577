package dev.lastcall.model;

import java.time.Duration;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the scripted model at its pace. At most one thread emits: the one that found {@code speaking} false, or the timer that it
 * set. Thread-safe.
 */
final class ScriptedSubscription implements Flow.Subscription {
    /** Tokens in one go where many are due: an event loop serves other connections too, and a fast reader never lets the demand run out. */
    static final int BURST = 64;

    private final ScriptedAnswer speech;
    private final Flow.Subscriber<? super ModelEvent> listener;
    private final long interval;
    private final TokenClock clock;

    private long requested;
    private long due;
    private boolean speaking;
    private boolean over;
    private @Nullable Runnable alarm;

    /** @param interval nanoseconds from one token to the next */
    ScriptedSubscription(
            ScriptedAnswer speech, Flow.Subscriber<? super ModelEvent> listener, long interval, TokenClock clock) {
        this.speech = speech;
        this.listener = listener;
        this.interval = interval;
        this.clock = clock;
        due = clock.nanoTime();
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
            if (speaking || over) {
                return;
            }
            speaking = true;
            // What a slow reader missed is not made up for in a burst.
            long now = clock.nanoTime();
            due = due - now < 0 ? now : due;
        }
        speak();
    }

    private void speak() {
        for (int said = 0; said < BURST; said++) {
            Runnable word = next();
            if (word == null) {
                return;
            }
            word.run();
        }
        giveWay();
    }

    private synchronized void giveWay() {
        if (!over) {
            alarm = clock.after(Duration.ZERO, this::speak);
        }
    }

    /** The next thing to say, outside the monitor; null where the speaker falls silent. */
    private synchronized @Nullable Runnable next() {
        if (over) {
            return null;
        }
        if (requested == 0) {
            speaking = false;
            return null;
        }
        if (!speech.hasNext()) {
            over = true;
            return this::finish;
        }
        long wait = due - clock.nanoTime();
        if (wait > 0) {
            alarm = clock.after(Duration.ofNanos(wait), this::speak);
            return null;
        }
        requested--;
        due += interval;
        ModelEvent token = speech.next();
        return () -> listener.onNext(token);
    }

    private void finish() {
        listener.onNext(speech.finish());
        listener.onComplete();
    }

    @Override
    public synchronized void cancel() {
        over = true;
        if (alarm != null) {
            alarm.run();
        }
    }
}

package dev.lastcall.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Hears events, asking for as many as the test says, and notices when two threads speak to it at once. */
final class Heard<T> implements Flow.Subscriber<T> {
    final List<T> events = new ArrayList<>();
    final AtomicInteger overlaps = new AtomicInteger();
    Runnable onEvent = () -> {};
    Flow.@Nullable Subscription subscription;
    int completions;

    @Nullable
    Throwable failure;

    private final AtomicInteger inside = new AtomicInteger();
    private final long first;

    Heard(long first) {
        this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        request(first);
    }

    void request(long n) {
        Flow.Subscription source = subscription;
        if (n > 0 && source != null) {
            source.request(n);
        }
    }

    void cancel() {
        Flow.Subscription source = subscription;
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    public void onNext(T event) {
        if (inside.getAndIncrement() > 0) {
            overlaps.incrementAndGet();
        }
        events.add(event);
        onEvent.run();
        inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onComplete() {
        completions++;
    }

    T last() {
        return events.get(events.size() - 1);
    }
}

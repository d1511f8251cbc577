package dev.lastcall.run.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records events, requesting as many as the test says, and detects concurrent calls. */
public final class RecordedEvents<T> implements Flow.Subscriber<T> {
    public final List<T> events = new ArrayList<>();
    public final AtomicInteger overlaps = new AtomicInteger();
    public Runnable onEvent = () -> {};
    Flow.@Nullable Subscription subscription;
    public int completions;

    @Nullable
    Throwable failure;

    private final AtomicInteger inside = new AtomicInteger();
    private final long first;

    public RecordedEvents(long first) {
        this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        request(first);
    }

    public void request(long n) {
        Flow.Subscription source = subscription;
        if (n > 0 && source != null) {
            source.request(n);
        }
    }

    public void cancel() {
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

    public T last() {
        return events.get(events.size() - 1);
    }
}

package dev.lastcall.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

/** Follows a run, and notices when two threads speak to it at once. */
final class Follower implements Flow.Subscriber<RunEvent> {
    final List<RunEvent> events = new ArrayList<>();
    final AtomicInteger overlaps = new AtomicInteger();
    Runnable onToken = () -> {};
    Flow.Subscription run = new HandModel();
    int completions;
    private final AtomicInteger inside = new AtomicInteger();
    private final long first;

    Follower(long first) {
        this.first = first;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        run = subscription;
        if (first > 0) {
            run.request(first);
        }
    }

    @Override
    public void onNext(RunEvent event) {
        if (inside.getAndIncrement() > 0) {
            overlaps.incrementAndGet();
        }
        events.add(event);
        if (event instanceof RunEvent.Token) {
            onToken.run();
        }
        inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable failure) {
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
        completions++;
    }

    RunEvent last() {
        return events.get(events.size() - 1);
    }
}

package dev.lastcall.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends a run's events to one client, in order, at most {@value #WINDOW} of them on their way: a slow reader costs that much memory and
 * holds the model back. A send that fails means that the client is gone. Thread-safe.
 */
public final class Delivery implements Flow.Subscriber<RunEvent> {
    static final int WINDOW = 16;

    private final Function<RunEvent, CompletionStage<Void>> client;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;

    private Delivery(Function<RunEvent, CompletionStage<Void>> client) {
        this.client = client;
    }

    /**
     * Starts the run.
     *
     * @param client takes one event; what it returns completes when the event has left this process, exceptionally where it cannot
     */
    public static Delivery start(Run run, Function<RunEvent, CompletionStage<Void>> client) {
        Delivery delivery = new Delivery(client);
        run.subscribe(delivery);
        return delivery;
    }

    /** Completed when the end has been sent or nothing will be any more; never exceptionally. */
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /** Whether nothing will be sent any more. */
    public boolean hasEnded() {
        return ended.isDone();
    }

    /** Stops the run for good; idempotent. */
    public void cancel() {
        Flow.Subscription stopped = subscription;
        if (stopped != null) {
            stopped.cancel();
        }
        ended.complete(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(WINDOW);
    }

    @Override
    public void onNext(RunEvent event) {
        send(event).whenComplete((sent, failure) -> {
            Flow.Subscription source = subscription;
            if (failure != null || source == null) {
                cancel();
            } else if (event instanceof RunEvent.End) {
                ended.complete(null);
            } else {
                source.request(1);
            }
        });
    }

    private CompletionStage<Void> send(RunEvent event) {
        try {
            return client.apply(event);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The run is a publisher that ends with an event. */
    @Override
    public void onError(Throwable failure) {
        cancel();
    }

    @Override
    public void onComplete() {}
}

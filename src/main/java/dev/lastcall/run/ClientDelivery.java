package dev.lastcall.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to one client, in order, at most {@value #WINDOW} of them on their way: a slow reader costs that much memory, and reads the
 * rest from the log when it can. A send that fails means that the client is gone. Thread-safe.
 */
public final class ClientDelivery<T> implements Flow.Subscriber<T> {
    static final int WINDOW = 16;

    private final Function<T, CompletionStage<Void>> client;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private int sending;
    private boolean complete;

    private ClientDelivery(Function<T, CompletionStage<Void>> client) {
        this.client = client;
    }

    /**
     * Starts.
     *
     * @param client takes one event; what it returns completes when the event has left this process, exceptionally where it cannot
     */
    public static <T> ClientDelivery<T> start(Flow.Publisher<T> events, Function<T, CompletionStage<Void>> client) {
        ClientDelivery<T> delivery = new ClientDelivery<>(client);
        events.subscribe(delivery);
        return delivery;
    }

    /** Completed when the last event has been sent or nothing will be any more; exceptionally where the events ended with an error. */
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /** Whether nothing will be sent any more. */
    public boolean hasEnded() {
        return ended.isDone();
    }

    /** Sends nothing more; idempotent. */
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
    public void onNext(T event) {
        synchronized (this) {
            sending++;
        }
        send(event).whenComplete((sent, failure) -> {
            Flow.Subscription source = subscription;
            if (failure != null || source == null) {
                cancel();
                return;
            }
            synchronized (this) {
                sending--;
            }
            finish();
            source.request(1);
        });
    }

    private CompletionStage<Void> send(T event) {
        try {
            return client.apply(event);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            complete = true;
        }
        finish();
    }

    private void finish() {
        synchronized (this) {
            if (!complete || sending > 0) {
                return;
            }
        }
        ended.complete(null);
    }
}

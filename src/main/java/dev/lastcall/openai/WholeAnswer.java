package dev.lastcall.openai;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Waits for a run's end. Thread-safe. */
final class WholeAnswer implements Flow.Subscriber<LoggedEvent> {
    /** The result of waiting for a run's end. */
    sealed interface Result {
        /** The run has ended. */
        record Ended(JsonObject response) implements Result {}

        /** The pod has to end first. */
        record Told() implements Result {}

        /** The client has left. */
        record Left() implements Result {}
    }

    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Flow.@Nullable Subscription events;

    private WholeAnswer() {}

    static CompletionStage<Result> of(Call call, Flow.Publisher<LoggedEvent> run) {
        WholeAnswer whole = new WholeAnswer();
        call.exchange().addEndHandler(end -> whole.end(new Result.Left()));
        DrainSignal signal = call.signal();
        // Of a client that leaves the signal may tell before the server does.
        DrainSignal.Registration registration =
                signal.onCancelled(() -> whole.end(signal.clientGone() ? new Result.Left() : new Result.Told()));
        run.subscribe(whole);
        return whole.result.whenComplete((ended, failure) -> {
            registration.close();
            whole.stop();
        });
    }

    private void end(Result with) {
        if (over.compareAndSet(false, true)) {
            result.complete(with);
        }
    }

    private void stop() {
        Flow.Subscription source = events;
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        events = subscription;
        if (over.get()) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(LoggedEvent event) {
        if (event.type().isTerminal()) {
            end(new Result.Ended(new JsonObject(event.json()).getJsonObject("response")));
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (over.compareAndSet(false, true)) {
            result.completeExceptionally(failure);
        }
    }

    @Override
    public void onComplete() {}
}

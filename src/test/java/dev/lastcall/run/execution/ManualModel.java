package dev.lastcall.run.execution;

import dev.lastcall.model.FinishReason;
import dev.lastcall.model.Model;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A model whose events the test emits, to the latest subscriber. */
final class ManualModel implements Model, Flow.Subscription {
    static final Duration CONTINUATION_DELAY = Duration.ofMillis(100);

    final List<ModelRequest> requests = new ArrayList<>();
    Strategy strategy = Strategy.EXACT;
    volatile Flow.@Nullable Subscriber<? super ModelEvent> listener;
    volatile long requested;
    volatile int cancels;

    @Override
    public Strategy strategy(ModelRequest request) {
        return strategy;
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        return asked -> {
            requests.add(request);
            listener = asked;
            asked.onSubscribe(this);
        };
    }

    @Override
    public Optional<Duration> continuationDelay(ModelRequest request, int before) {
        return before < 3 ? Optional.of(CONTINUATION_DELAY.multipliedBy(before + 1L)) : Optional.empty();
    }

    void say(String... tokens) {
        for (String token : tokens) {
            listener().onNext(new ModelEvent.Text(token));
        }
    }

    void finish(FinishReason reason) {
        listener().onNext(new ModelEvent.Finish(reason, null));
        listener().onComplete();
    }

    Flow.Subscriber<? super ModelEvent> listener() {
        return Objects.requireNonNull(listener, "the model was not asked");
    }

    @Override
    public synchronized void request(long n) {
        requested += n;
    }

    @Override
    public synchronized void cancel() {
        cancels++;
    }
}

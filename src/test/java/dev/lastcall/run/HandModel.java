package dev.lastcall.run;

import dev.lastcall.model.Model;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A model that says what the test says, for one answer. */
final class HandModel implements Model, Flow.Subscription {
    volatile Flow.@Nullable Subscriber<? super ModelEvent> listener;
    volatile long requested;
    volatile int cancels;

    @Override
    public Strategy strategy(ModelRequest request) {
        return Strategy.EXACT;
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        return asked -> {
            listener = asked;
            asked.onSubscribe(this);
        };
    }

    void say(String token) {
        listener().onNext(new ModelEvent.Text(token));
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

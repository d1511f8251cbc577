package dev.lastcall.run;

import dev.lastcall.model.Model;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A model that says what the test says, for one answer. */
final class HandModel implements Model, Flow.Subscription {
    volatile Flow.@Nullable Subscriber<? super String> listener;
    volatile long requested;
    volatile int cancels;

    @Override
    public Flow.Publisher<String> answer(String input) {
        return asked -> {
            listener = asked;
            asked.onSubscribe(this);
        };
    }

    void say(String token) {
        listener().onNext(token);
    }

    Flow.Subscriber<? super String> listener() {
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

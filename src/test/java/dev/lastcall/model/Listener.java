package dev.lastcall.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Subscribes to an answer, requesting as much as the test says. */
final class Listener implements Flow.Subscriber<ModelEvent> {
    final List<String> heard = new ArrayList<>();
    Flow.Subscription answer =
            new ScriptedSubscription(ScriptedAnswer.of(ModelRequest.plain("")), this, 1, new ManualTokenClock());
    ModelEvent.@Nullable Finish finish;
    int completions;

    static Listener to(Flow.Publisher<ModelEvent> answer, long request) {
        Listener listener = new Listener();
        answer.subscribe(listener);
        if (request > 0) {
            listener.answer.request(request);
        }
        return listener;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        answer = subscription;
    }

    @Override
    public void onNext(ModelEvent event) {
        if (event instanceof ModelEvent.Text text) {
            heard.add(text.delta());
        } else if (event instanceof ModelEvent.Finish last) {
            finish = last;
        }
    }

    @Override
    public void onError(Throwable failure) {
        throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
        completions++;
    }
}

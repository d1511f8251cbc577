package dev.lastcall.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Flow;

/** Hears an answer, asking for as much as the test says. */
final class Listener implements Flow.Subscriber<String> {
    final List<String> heard = new ArrayList<>();
    Flow.Subscription answer = new Recital(Collections.emptyIterator(), this, 1, new HandClock());
    int completions;

    static Listener to(Flow.Publisher<String> answer, long request) {
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
    public void onNext(String token) {
        heard.add(token);
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

package dev.lastcall.model;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** The scripted model, counted; and some inputs that it does not know: {@code hold …} says one token and no more, {@code fail} fails, {@code refuse} is refused by an upstream. */
@Alternative
@Singleton
public final class TestModel implements Model {
    private static final Map<String, AtomicLong> TOKENS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicLong> CANCELS = new ConcurrentHashMap<>();

    private final ScriptedModel scripted;

    TestModel(ScriptedModel scripted) {
        this.scripted = scripted;
    }

    /** Returns the number of tokens of all answers to this input. Tests overlap at their ends: each has an input of its own. */
    public static long tokens(String input) {
        return of(TOKENS, input).get();
    }

    /** Returns the number of cancelled answers to this input. */
    public static long cancels(String input) {
        return of(CANCELS, input).get();
    }

    private static AtomicLong of(Map<String, AtomicLong> counts, String input) {
        return counts.computeIfAbsent(input, first -> new AtomicLong());
    }

    @Override
    public List<String> names() {
        return List.of("scripted");
    }

    @Override
    public Strategy strategy(ModelRequest request) {
        return scripted.strategy(request);
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        String input = request.lastText();
        if (input.equals("throw")) {
            throw new IllegalStateException("the model is not there");
        }
        return listener -> {
            Counted counted = new Counted(listener, input);
            if (input.equals("fail")) {
                counted.fail(new IllegalStateException("upstream key sk-secret refused"));
            } else if (input.equals("refuse")) {
                counted.fail(ModelFailure.refused(502, "server_error", "no upstream"));
            } else {
                scripted.answer(request).subscribe(counted);
            }
        };
    }

    private static final class Counted implements Flow.Subscriber<ModelEvent>, Flow.Subscription {
        private final Flow.Subscriber<? super ModelEvent> listener;
        private final boolean holds;
        private final AtomicLong tokens;
        private final AtomicLong cancels;
        private Flow.Subscription answer = this;
        private boolean held;

        Counted(Flow.Subscriber<? super ModelEvent> listener, String input) {
            this.listener = listener;
            holds = input.startsWith("hold");
            tokens = of(TOKENS, input);
            cancels = of(CANCELS, input);
        }

        void fail(RuntimeException failure) {
            listener.onSubscribe(this);
            listener.onError(failure);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            answer = subscription;
            listener.onSubscribe(this);
        }

        @Override
        public void onNext(ModelEvent event) {
            if (!held) {
                held = holds;
                if (event instanceof ModelEvent.Text) {
                    tokens.incrementAndGet();
                }
                listener.onNext(event);
            }
        }

        @Override
        public void onError(Throwable failure) {
            listener.onError(failure);
        }

        @Override
        public void onComplete() {
            if (!holds) {
                listener.onComplete();
            }
        }

        @Override
        public void request(long n) {
            if (answer != this) {
                answer.request(n);
            }
        }

        @Override
        public void cancel() {
            cancels.incrementAndGet();
            if (answer != this) {
                answer.cancel();
            }
        }
    }
}

package dev.lastcall.model;

import dev.lastcall.problem.Backoff;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the upstream: attempts until the first token, then that attempt's events as they are requested. Everything but
 * {@link #request} and {@link #cancel}, which come from any thread, happens on one event loop.
 */
final class UpstreamAnswer implements Flow.Subscription, Attempt.Listener {
    private static final Logger LOG = Logger.getLogger(UpstreamAnswer.class);

    private final Upstream upstream;
    private final Backoff backoff;
    private final ChatRequest chat;
    private final Flow.Subscriber<? super ModelEvent> subscriber;
    private final Context context;
    private final Queue<ModelEvent> ready = new ArrayDeque<>();

    private Attempt attempt;
    private ChatStream stream;
    private int retries;
    private long demand;
    private long timer = -1;
    private boolean begun;
    private boolean over;
    private @Nullable ModelFailure failure;

    UpstreamAnswer(
            Upstream upstream, Backoff backoff, ChatRequest chat, Flow.Subscriber<? super ModelEvent> subscriber) {
        this.upstream = upstream;
        this.backoff = backoff;
        this.chat = chat;
        this.subscriber = subscriber;
        context = upstream.vertx().getOrCreateContext();
        attempt = new Attempt(upstream, this);
        stream = new ChatStream(upstream.origin(), chat.unsaid(ready::add));
    }

    void begin() {
        context.runOnContext(now -> start());
    }

    private void start() {
        if (!over) {
            attempt.start(chat);
        }
    }

    @Override
    public void bytes(Buffer bytes) {
        // Read to its end after the answer's, so that the connection can be used again.
        if (over) {
            return;
        }
        try {
            stream.read(bytes);
        } catch (ModelFailure e) {
            attempt.abort();
            failOrRetry(e);
            return;
        }
        begun |= !ready.isEmpty();
        deliver();
    }

    @Override
    public void end() {
        finish(stream::end);
    }

    private void finish(Runnable reading) {
        if (over) {
            return;
        }
        try {
            reading.run();
            deliver();
        } catch (ModelFailure e) {
            failOrRetry(e);
        }
    }

    @Override
    public void refused(HttpClientResponse response, Buffer body) {
        int status = response.statusCode();
        if (UpstreamError.isTransient(status)) {
            Duration asked = Backoff.asked(
                    response.getHeader("retry-after-ms"), response.getHeader("retry-after"), Instant.now());
            retry(asked, UpstreamError.refused(status, body));
        } else {
            fail(UpstreamError.refused(status, body));
        }
    }

    @Override
    public void broken(Throwable cause) {
        if (over || stream.isDone()) {
            return;
        }
        if (stream.finishBroken()) {
            deliver();
        } else {
            failOrRetry(ModelFailure.interrupted("the connection to the model's upstream broke", cause));
        }
    }

    private void failOrRetry(ModelFailure cause) {
        if (begun || !ready.isEmpty() || !cause.isInterruption()) {
            fail(cause);
        } else {
            retry(null, cause);
        }
    }

    private void retry(@Nullable Duration asked, ModelFailure cause) {
        Optional<Duration> delay = backoff.delay(retries, asked);
        if (delay.isEmpty()) {
            fail(cause);
            return;
        }
        retries++;
        chat.trace()
                .logged(() -> LOG.debugf(
                        "model is asked again retry=%d delay=%s reason=%s", retries, delay.get(), cause.detail()));
        attempt = new Attempt(upstream, this);
        stream = new ChatStream(upstream.origin(), chat.unsaid(ready::add));
        timer = upstream.vertx().setTimer(Math.max(1, delay.get().toMillis()), fired -> start());
    }

    private void fail(ModelFailure cause) {
        failure = cause;
        deliver();
    }

    private void deliver() {
        while (!over && demand > 0 && !ready.isEmpty()) {
            demand--;
            ModelEvent event = ready.remove();
            over = event instanceof ModelEvent.Finish;
            subscriber.onNext(event);
        }
        if (over) {
            attempt.flow();
            subscriber.onComplete();
        } else if (!ready.isEmpty()) {
            // Reads on only where all that was read is delivered: what waits here is one read's worth.
            attempt.hold();
        } else if (failure != null) {
            over = true;
            subscriber.onError(failure);
        } else {
            attempt.flow();
        }
    }

    @Override
    public void request(long n) {
        context.runOnContext(now -> {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            if (!over) {
                deliver();
            }
        });
    }

    /** Cancels the answer; an event whose delivery has begun may still arrive. */
    @Override
    public void cancel() {
        context.runOnContext(now -> {
            if (!over) {
                over = true;
                ready.clear();
                upstream.vertx().cancelTimer(timer);
                attempt.abort();
            }
        });
    }
}

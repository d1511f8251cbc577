package dev.lastcall.run;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A run's log that brings what the test says, one event after the other. */
final class ManualTail implements Flow.Publisher<LoggedEvent>, Flow.Subscription {
    volatile Flow.@Nullable Subscriber<? super LoggedEvent> listener;
    volatile long requested;
    volatile int cancels;
    private int seq;
    private int tokens;

    @Override
    public void subscribe(Flow.Subscriber<? super LoggedEvent> subscriber) {
        listener = subscriber;
        subscriber.onSubscribe(this);
    }

    void tokens(String... texts) {
        for (String text : texts) {
            LoggedEvent event = event(EventType.OUTPUT_TEXT_DELTA, "\"" + text + "\"");
            tokens++;
            listener().onNext(event);
        }
    }

    /** An event that is no token and no end. */
    void other() {
        listener().onNext(event(EventType.CONTENT_PART_DONE, "{}"));
    }

    void end(EventType type, JsonObject response) {
        listener().onNext(event(type, new JsonObject().put("response", response).encode()));
        listener().onComplete();
    }

    private LoggedEvent event(EventType type, String data) {
        LoggedEvent event = new LoggedEvent(new Row(seq, type, data), "", 0, 0, tokens);
        seq++;
        return event;
    }

    Flow.Subscriber<? super LoggedEvent> listener() {
        return Objects.requireNonNull(listener, "nobody follows");
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

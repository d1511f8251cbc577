package dev.lastcall.model;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Records an answer that comes on another thread. */
final class RecordedAnswer implements Flow.Subscriber<ModelEvent> {
    public final List<ModelEvent> events = new CopyOnWriteArrayList<>();
    volatile Flow.@Nullable Subscription answer;
    volatile @Nullable Throwable failure;
    volatile boolean completed;
    private final long first;

    private RecordedAnswer(long first) {
        this.first = first;
    }

    public static RecordedAnswer of(Flow.Publisher<ModelEvent> answer, long request) {
        RecordedAnswer heard = new RecordedAnswer(request);
        answer.subscribe(heard);
        return heard;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        answer = subscription;
        if (first > 0) {
            subscription.request(first);
        }
    }

    @Override
    public void onNext(ModelEvent event) {
        events.add(event);
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onComplete() {
        completed = true;
    }

    public Flow.Subscription answer() {
        return Objects.requireNonNull(answer);
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (ModelEvent event : events) {
            text.append(event instanceof ModelEvent.Text delta ? delta.delta() : "");
        }
        return text.toString();
    }

    public RecordedAnswer untilEnd() {
        await().atMost(Duration.ofSeconds(60)).until(() -> completed || failure != null);
        return this;
    }

    public ModelFailure failed() {
        untilEnd();
        return (ModelFailure) Objects.requireNonNull(failure, "completed: " + events);
    }
}

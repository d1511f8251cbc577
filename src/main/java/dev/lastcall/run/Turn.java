package dev.lastcall.run;

import dev.lastcall.model.ModelEvent;
import java.util.concurrent.Flow;

/** One answer of the model on its way to the execution, which may have asked for the next one by the time this one completes. */
final class Turn implements Flow.Subscriber<ModelEvent> {
    private final Flow.Subscriber<ModelEvent> execution;
    private volatile boolean finished;

    Turn(Flow.Subscriber<ModelEvent> execution) {
        this.execution = execution;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        execution.onSubscribe(subscription);
    }

    @Override
    public void onNext(ModelEvent event) {
        finished |= event instanceof ModelEvent.Finish;
        execution.onNext(event);
    }

    @Override
    public void onError(Throwable failure) {
        if (!finished) {
            finished = true;
            execution.onError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (!finished) {
            finished = true;
            execution.onComplete();
        }
    }
}

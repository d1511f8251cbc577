package dev.lastcall.run.execution;

import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the model, on its way to the run's owner, who may have asked for the next one by the time this one completes. The model is
 * asked for at most {@value #WINDOW} pieces ahead. Calls are kept until the answer is whole. Thread-safe; model and owner are called outside
 * the monitor.
 *
 * <ul>
 *   <li>Stopped before the model has begun to answer: it is told as soon as it does.
 *   <li>It fails or completes behind its own last word: that was the end.
 * </ul>
 */
final class Turn implements Flow.Subscriber<ModelEvent> {
    static final int WINDOW = 64;
    /** More than that is a model gone wrong. */
    private static final int MOST_CALLS = 64;

    /** Receives the events of the turn. */
    interface TurnListener {
        /** Whether the model may be asked for more now. */
        boolean wantsMore();

        void said(ModelEvent event);

        /** The model has said all it has to say for now. */
        void turned(ModelEvent.Finish finish, List<ModelEvent.ToolCall> calls);

        void failed(Throwable failure);

        /** Called when the answer is invalid and cannot be continued. */
        void refused(String why);
    }

    private final TurnListener owner;
    private final List<ModelEvent.ToolCall> calls = new ArrayList<>();
    private Flow.@Nullable Subscription model;
    private int asked;
    private boolean finished;

    Turn(TurnListener owner) {
        this.owner = owner;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        boolean late;
        synchronized (this) {
            late = finished;
            model = late ? null : subscription;
        }
        if (late) {
            subscription.cancel();
        } else {
            proceed();
        }
    }

    /** Asks for more, where more is wanted. */
    void proceed() {
        if (!owner.wantsMore()) {
            return;
        }
        Flow.Subscription source;
        int more;
        synchronized (this) {
            if (model == null || asked > WINDOW / 2) {
                return;
            }
            source = model;
            more = WINDOW - asked;
            asked = WINDOW;
        }
        source.request(more);
    }

    @Override
    public void onNext(ModelEvent event) {
        if (event instanceof ModelEvent.Finish finish) {
            finish(finish);
            return;
        }
        boolean tooMany = false;
        synchronized (this) {
            asked--;
            if (finished) {
                return;
            }
            if (event instanceof ModelEvent.ToolCall call) {
                calls.add(call);
                tooMany = calls.size() > MOST_CALLS;
            }
        }
        if (tooMany) {
            owner.refused("the model made more than " + MOST_CALLS + " tool calls at once; ask for less");
        } else if (!(event instanceof ModelEvent.ToolCall)) {
            owner.said(event);
        }
        proceed();
    }

    private void finish(ModelEvent.Finish finish) {
        if (end()) {
            owner.turned(finish, calls);
        }
    }

    /** False where it has ended already. */
    private synchronized boolean end() {
        boolean first = !finished;
        finished = true;
        model = null;
        return first;
    }

    @Override
    public void onComplete() {
        finish(new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Override
    public void onError(Throwable failure) {
        if (end()) {
            owner.failed(failure);
        }
    }

    /** Cancels the model's answer; no events follow. */
    void stop() {
        Flow.Subscription stopped;
        synchronized (this) {
            stopped = model;
            end();
        }
        if (stopped != null) {
            stopped.cancel();
        }
    }
}

package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.ModelEvent;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A run under way, between the model and its follower. It ends exactly once: who sets {@code end} first, under the monitor, decides.
 *
 * <ul>
 *   <li>Token against told: a token that came first is delivered and is {@code last}; one that comes after is dropped.
 *   <li>Told while a token is being delivered: the delivering thread brings the end too, after the token, so that the follower never hears
 *       two threads at once and {@code last} is what it heard last.
 *   <li>Completed, failed, told and left at the same moment: the first is the end, the others change nothing.
 *   <li>Told before the model was asked: it is not asked. Told while it is being asked: it is cancelled when it answers.
 *   <li>Told while the follower requests nothing: the model stops at once, the end waits for the next request like any event.
 *   <li>The follower cancels: nothing is delivered any more; an end on its way at that moment still may be.
 * </ul>
 *
 * Model, follower and signal are called outside the monitor.
 */
final class Course implements Flow.Subscriber<ModelEvent>, Flow.Subscription {
    private static final Logger LOG = Logger.getLogger(Course.class);

    private final String run;
    private final Flow.Subscriber<? super RunEvent> follower;

    private Flow.@Nullable Subscription model;
    private DrainSignal.@Nullable Registration registration;
    private long requested;
    private long tokens;
    private boolean delivering;
    private boolean closed;
    private RunEvent.@Nullable End end;

    Course(String run, Flow.Subscriber<? super RunEvent> follower) {
        this.run = run;
        this.follower = follower;
    }

    void start(Supplier<Flow.Publisher<ModelEvent>> model, @Nullable DrainSignal signal) {
        follower.onSubscribe(this);
        if (signal != null) {
            keep(signal.onTold(() -> end(signal.clientGone() ? EndReason.CANCELLED : EndReason.SHUTDOWN, null)));
        }
        if (!hasEnded()) {
            ask(model);
        }
    }

    private void ask(Supplier<Flow.Publisher<ModelEvent>> model) {
        try {
            model.get().subscribe(this);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    private void keep(DrainSignal.Registration taken) {
        synchronized (this) {
            if (end == null) {
                registration = taken;
                return;
            }
        }
        taken.close();
    }

    private synchronized boolean hasEnded() {
        return end != null;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        long asked;
        synchronized (this) {
            asked = end == null ? requested : -1;
            model = subscription;
        }
        if (asked < 0) {
            subscription.cancel();
        } else if (asked > 0) {
            subscription.request(asked);
        }
    }

    @Override
    public void onNext(ModelEvent event) {
        // The finish is followed by the completion; tools are none of this wire's.
        if (event instanceof ModelEvent.Text text) {
            deliver(text.delta());
        }
    }

    private void deliver(String text) {
        RunEvent.Token token;
        synchronized (this) {
            if (end != null) {
                return;
            }
            delivering = true;
            requested--;
            token = new RunEvent.Token(tokens++, text);
        }
        follower.onNext(token);
        synchronized (this) {
            delivering = false;
        }
        deliverEnd();
    }

    @Override
    public void onError(Throwable failure) {
        LOG.errorf(failure, "model failed run=%s", run);
        end(EndReason.FAILED, "the model failed; send the input again");
    }

    @Override
    public void onComplete() {
        end(EndReason.COMPLETED, null);
    }

    @Override
    public void request(long n) {
        Flow.Subscription asked;
        synchronized (this) {
            requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
            asked = end == null ? model : null;
        }
        if (asked != null) {
            asked.request(n);
        }
        deliverEnd();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            closed = true;
        }
        end(EndReason.CANCELLED, null);
    }

    private void end(EndReason reason, @Nullable String detail) {
        Flow.Subscription stopped;
        DrainSignal.Registration taken;
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = new RunEvent.End(run, reason, tokens == 0 ? null : tokens - 1, detail);
            stopped = model;
            taken = registration;
        }
        if (stopped != null) {
            stopped.cancel();
        }
        if (taken != null) {
            taken.close();
        }
        deliverEnd();
    }

    private void deliverEnd() {
        RunEvent.End last;
        synchronized (this) {
            if (end == null || closed || delivering || requested == 0) {
                return;
            }
            closed = true;
            last = end;
        }
        follower.onNext(last);
        follower.onComplete();
    }
}

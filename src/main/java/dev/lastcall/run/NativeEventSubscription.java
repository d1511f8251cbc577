package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.run.event.Demand;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One client's subscription to a run on the native API. It ends exactly once: the first to set {@code end}, under the monitor, decides.
 *
 * <ul>
 *   <li>Token against told: a token that came first is delivered and is {@code last}; one that comes after is dropped, and the client gets
 *       it where it resumes.
 *   <li>Told while a token is being delivered: the delivering thread brings the end too, after the token, so that the follower never hears
 *       two threads at once and {@code last} is what it heard last.
 *   <li>The run's end, told and left at the same moment: the first is the end, the others change nothing.
 *   <li>Told while the follower requests nothing: the end waits for the next request like any event.
 *   <li>The client resumes behind the end: completion alone, because it has its one end.
 *   <li>The follower cancels: nothing is delivered any more; an end on its way at that moment still may be.
 * </ul>
 *
 * Log, follower and signal are called outside the monitor.
 */
final class NativeEventSubscription implements Flow.Subscriber<LoggedEvent>, Flow.Subscription {
    /** The end is none of the log's events. */
    private static final int NOWHERE = -1;

    private static final String FAILED = "the run failed; send the input again";

    /**
     * @param resumes whether another pod goes on with the run
     * @param stop ends the run where it cannot outlive its client
     */
    record Client(boolean resumes, Runnable stop) {}

    private final UUID run;
    private final Flow.Subscriber<? super RunEvent> follower;
    private final Client client;

    private Flow.@Nullable Subscription log;
    private DrainSignal.@Nullable Registration registration;
    private long requested;
    private int seq;
    private long tokens;
    private boolean delivering;
    private boolean closed;
    private RunEvent.@Nullable End end;

    /** @param after the last seq that the client has */
    NativeEventSubscription(UUID run, int after, Flow.Subscriber<? super RunEvent> follower, Client client) {
        this.run = run;
        this.follower = follower;
        this.client = client;
        seq = after;
    }

    void start(Flow.Publisher<LoggedEvent> tail, @Nullable DrainSignal signal) {
        follower.onSubscribe(this);
        if (signal != null) {
            keep(signal.onCancelled(() -> told(signal)));
        }
        tail.subscribe(this);
    }

    private void told(DrainSignal signal) {
        boolean cancelled = signal.clientGone() && !client.resumes();
        end(NOWHERE, cancelled ? EndReason.CANCELLED : EndReason.SHUTDOWN, null);
    }

    private void keep(DrainSignal.Registration taken) {
        synchronized (this) {
            if (end == null && !closed) {
                registration = taken;
                return;
            }
        }
        taken.close();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        long asked;
        synchronized (this) {
            asked = end == null ? requested : -1;
            log = subscription;
        }
        if (asked < 0) {
            subscription.cancel();
        } else if (asked > 0) {
            subscription.request(asked);
        }
    }

    @Override
    public void onNext(LoggedEvent event) {
        if (event.type() == EventType.OUTPUT_TEXT_DELTA) {
            token(event);
            return;
        }
        Flow.Subscription source;
        synchronized (this) {
            tokens = event.tokens();
            seq = end == null && !event.type().isTerminal() ? event.seq() : seq;
            source = log;
        }
        if (event.type().isTerminal()) {
            over(event);
            return;
        }
        if (source != null) {
            source.request(1);
        }
    }

    private void token(LoggedEvent event) {
        RunEvent.Token token;
        synchronized (this) {
            if (end != null) {
                return;
            }
            delivering = true;
            requested--;
            seq = event.seq();
            tokens = event.tokens() + 1L;
            token = new RunEvent.Token(event.seq(), event.tokens(), event.quoted());
        }
        follower.onNext(token);
        synchronized (this) {
            delivering = false;
        }
        deliverEnd();
    }

    private void over(LoggedEvent event) {
        JsonObject response = new JsonObject(event.json()).getJsonObject("response");
        if (event.type() == EventType.FAILED) {
            JsonObject error = response.getJsonObject("error");
            end(event.seq(), EndReason.FAILED, error == null ? FAILED : error.getString("message", FAILED));
        } else if ("cancelled".equals(response.getString("status"))) {
            end(event.seq(), EndReason.CANCELLED, null);
        } else {
            JsonObject why = response.getJsonObject("incomplete_details");
            String detail = why == null ? null : "cut short: " + why.getString("reason");
            end(event.seq(), EndReason.COMPLETED, detail);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(NOWHERE, EndReason.FAILED, "the run is not in the log any more; send the input again");
    }

    /** Completes without an end event, since the client has it already. */
    @Override
    public void onComplete() {
        DrainSignal.Registration taken;
        synchronized (this) {
            if (end != null || closed) {
                return;
            }
            closed = true;
            taken = registration;
        }
        if (taken != null) {
            taken.close();
        }
        follower.onComplete();
    }

    @Override
    public void request(long n) {
        Flow.Subscription asked;
        synchronized (this) {
            requested = Demand.plus(requested, n);
            asked = end == null ? log : null;
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
        end(NOWHERE, EndReason.CANCELLED, null);
    }

    /** @param at the seq of the log's own last event, which only that end passes: a client that is told resumes before it */
    private void end(int at, EndReason reason, @Nullable String detail) {
        Flow.Subscription stopped;
        DrainSignal.Registration taken;
        synchronized (this) {
            if (end != null) {
                return;
            }
            seq = Math.max(seq, at);
            boolean resumes = reason == EndReason.SHUTDOWN && client.resumes();
            String resume = resumes ? "/agent/runs/" + run + "/events?after=" + seq : null;
            end = new RunEvent.End(seq, run.toString(), reason, tokens == 0 ? null : tokens - 1, resume, detail);
            stopped = log;
            taken = registration;
        }
        if (stopped != null) {
            stopped.cancel();
        }
        if (taken != null) {
            taken.close();
        }
        boolean stops = reason == EndReason.CANCELLED || reason == EndReason.SHUTDOWN;
        if (stops && !client.resumes()) {
            client.stop().run();
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

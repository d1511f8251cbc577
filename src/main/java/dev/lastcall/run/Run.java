package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import java.util.UUID;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One run as a client of the native API follows it: its tokens, its one {@link RunEvent.End}, then completion, never an error. The end is
 * {@code shutdown} where the request is told to end before the run does. Without a durable log the run stops with its follower.
 */
public final class Run implements Flow.Publisher<RunEvent> {
    private final UUID id;
    private final int after;
    private final Runs runs;
    private final @Nullable DrainSignal signal;

    Run(UUID id, int after, Runs runs, @Nullable DrainSignal signal) {
        this.id = id;
        this.after = after;
        this.runs = runs;
        this.signal = signal;
    }

    public UUID id() {
        return id;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super RunEvent> follower) {
        NativeEventSubscription.Client client = new NativeEventSubscription.Client(runs.durable(), () -> runs.end(id));
        new NativeEventSubscription(id, after, follower, client).start(runs.tail(id, after), signal);
    }
}

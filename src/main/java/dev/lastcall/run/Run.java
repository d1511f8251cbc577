package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.Model;
import dev.lastcall.model.ModelRequest;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One run of the model, for one follower: its tokens, its one {@link RunEvent.End}, then completion, never an error. It starts when it is
 * followed, keeps nothing that was not requested, and stops when its follower cancels. Thread-safe.
 */
public final class Run implements Flow.Publisher<RunEvent> {
    private final String id;
    private final Model model;
    private final String input;
    private final @Nullable DrainSignal signal;
    private final AtomicBoolean followed = new AtomicBoolean();

    Run(String id, Model model, String input, @Nullable DrainSignal signal) {
        this.id = id;
        this.model = model;
        this.input = input;
        this.signal = signal;
    }

    public String id() {
        return id;
    }

    /** @throws IllegalStateException where the run is followed already */
    @Override
    public void subscribe(Flow.Subscriber<? super RunEvent> follower) {
        if (!followed.compareAndSet(false, true)) {
            throw new IllegalStateException("run " + id + " is followed already (expected: one follower)");
        }
        new Course(id, follower).start(() -> model.answer(ModelRequest.plain(input)), signal);
    }
}

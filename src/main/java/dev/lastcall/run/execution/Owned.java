package dev.lastcall.run.execution;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Time;
import dev.lastcall.drain.Work;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution of this pod with its entry in the drain. It may end before the entry exists, so it checks again after the admission.
 * Thread-safe.
 */
final class Owned implements Work {
    private final UUID run;
    private final Time time;
    private final boolean durable;
    private final Execution execution;
    private final BiConsumer<Owned, ExecutionOutcome> onOver;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicLong leavingSince = new AtomicLong();
    private volatile @Nullable Entry entry;
    private volatile boolean seamless = true;
    private volatile Outcome outcome = Outcome.COMPLETED;

    /** @param onOver called once, before anything that waits for the end */
    Owned(
            UUID run,
            int epoch,
            int nextSeq,
            ExecutionContext context,
            RunCounts counts,
            BiConsumer<Owned, ExecutionOutcome> onOver) {
        this.run = run;
        this.onOver = onOver;
        time = context.time();
        durable = context.log().durable();
        execution = new Execution(run, epoch, nextSeq, context, this::over, counts::respent);
    }

    UUID run() {
        return run;
    }

    Execution execution() {
        return execution;
    }

    /** Completed when this pod has done with it. */
    CompletionStage<Void> over() {
        return over;
    }

    boolean isOver() {
        return over.isDone();
    }

    /** @param seam whether a client sees that another pod goes on with it */
    void expect(boolean seam) {
        seamless = !seam;
    }

    /** Whether it can be given away without a client's noticing, and without leaving a tool call to its fate. */
    boolean isSeamless() {
        return seamless && !execution.isCalling();
    }

    /** False where the gate is closed. */
    boolean count(InFlight inFlight) {
        Admission admission = inFlight.admit(this, EntryClass.RUN, false);
        if (admission instanceof Entry counted) {
            entry = counted;
            if (isOver()) {
                counted.end(outcome);
            }
            return true;
        }
        return false;
    }

    /** Starts the hand-off; may be called repeatedly until the execution is over. */
    void handOff() {
        long now = time.nanoTime();
        if (leavingSince.compareAndSet(0, now == 0 ? 1 : now)) {
            execution.handOff();
        }
    }

    boolean isLeaving() {
        return leavingSince.get() != 0;
    }

    /** Returns the time since the first {@link #handOff}. */
    Duration leaving() {
        return Duration.ofNanos(time.nanoTime() - leavingSince.get());
    }

    private void over(ExecutionOutcome how) {
        onOver.accept(this, how);
        if (how == ExecutionOutcome.HANDED_OFF) {
            // Given away where nobody else has the log: nobody goes on with it.
            outcome = durable ? Outcome.HANDED_OFF : Outcome.LOST;
        }
        over.complete(null);
        Entry counted = entry;
        if (counted != null) {
            counted.end(outcome);
        }
    }

    @Override
    public String method() {
        return "RUN";
    }

    @Override
    public String path() {
        return "/agent/runs/" + run;
    }

    /** The budget is over: given away if PostgreSQL still answers, found by others if not. */
    @Override
    public void cut() {
        handOff();
    }
}

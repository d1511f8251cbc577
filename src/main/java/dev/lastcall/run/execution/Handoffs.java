package dev.lastcall.run.execution;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Time;
import dev.lastcall.run.execution.Executions.Reach;
import dev.lastcall.run.ownership.Ownership;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands off a draining pod's runs as soon as another pod serves: in DRAINING those that continue without a visible change, in CANCELLING
 * all. If no other pod serves, runs are kept until the last moment at which they can still be handed off. Clients stay and are served from
 * the log.
 */
public final class Handoffs implements DrainListener {
    /** Whether others serve changes at any time: a rolling update's next pod comes up. */
    private static final Duration REVIEW = Duration.ofMillis(200);
    /** The time that a hand-off needs before the cut. */
    private static final Duration LAST_MOMENT = Duration.ofMillis(700);

    private final Drain drain;
    private final Time time;
    private final Ownership ownership;
    private final Executions executions;
    private final AtomicLong generation = new AtomicLong();

    public Handoffs(Drain drain, Time time, Ownership ownership, Executions executions) {
        this.drain = drain;
        this.time = time;
        this.ownership = ownership;
        this.executions = executions;
    }

    @Override
    public void noted(Note note) {
        if (note.event() == Note.Event.UNDRAIN || note.state() == DrainState.SERVING) {
            generation.incrementAndGet();
            ownership.resume();
        } else if (note.event() == Note.Event.STATE) {
            ownership.pause();
            if (note.state() == DrainState.DRAINING) {
                review(generation.incrementAndGet());
            }
        }
    }

    private void review(long mine) {
        DrainState state = drain.state();
        boolean under = state == DrainState.DRAINING || state == DrainState.CANCELLING;
        if (mine != generation.get() || !under) {
            return;
        }
        boolean ending = state == DrainState.CANCELLING;
        boolean lastMoment = ending && drain.cutRemaining().compareTo(LAST_MOMENT) <= 0;
        if (lastMoment) {
            executions.handOff(Reach.ALL);
        } else if (ownership.othersServe()) {
            executions.handOff(ending ? Reach.REPEATABLE : Reach.SEAMLESS);
        }
        time.schedule(REVIEW, () -> review(mine));
    }
}

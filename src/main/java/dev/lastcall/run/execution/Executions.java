package dev.lastcall.run.execution;

import dev.lastcall.drain.InFlight;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.ownership.Ownership;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The executions of this pod: each run at most once, under its newest claim. Thread-safe.
 *
 * <ul>
 *   <li>Claimed here again while an older claim of ours is still at work (cancelled, or lost and found): the older one is stopped first;
 *       the log fences it anyway.
 *   <li>An execution that is over takes itself out, and only itself: a newer claim of the same run stays.
 *   <li>The lease is lost while a claim is being opened: it is stopped before it has begun, and so never begins.
 *   <li>A claim is answered when the gate has closed already: it is given away at once, because nothing in flight waits for it.
 *   <li>Over before it is counted, or resumed before it was suspended: both look again after their second step.
 *   <li>A loss is noticed while the same run is claimed here anew: a loss names the epoch, and ends that one alone.
 * </ul>
 */
public final class Executions implements Ownership.ClaimListener {
    private static final Logger LOG = Logger.getLogger(Executions.class);

    private final ExecutionContext context;
    private final InFlight inFlight;
    private final RunCounts counts;
    private final Takeover takeover;
    private final Map<UUID, Owned> owned = new ConcurrentHashMap<>();
    private volatile boolean suspended;

    public Executions(ExecutionContext context, InFlight inFlight, RunCounts counts) {
        this.context = context;
        this.inFlight = inFlight;
        this.counts = counts;
        takeover = new Takeover(context, counts);
    }

    private Owned own(UUID run, int epoch, int nextSeq) {
        Owned fresh = new Owned(run, epoch, nextSeq, context, counts, this::over);
        Owned stopped = newest(fresh);
        if (stopped == null) {
            // Steps and never a size that was read before: losses come on several threads at once.
            counts.owned.incrementAndGet();
        } else {
            stopped.execution().stop();
        }
        followSuspension(fresh);
        return fresh;
    }

    /**
     * Returns the older of two claims of one run, which is not executed any more; an insert whose answer came late may follow a later
     * claim.
     */
    private @Nullable Owned newest(Owned fresh) {
        AtomicReference<@Nullable Owned> stopped = new AtomicReference<>();
        owned.compute(fresh.run(), (run, other) -> {
            boolean late = other != null
                    && other.execution().epoch() > fresh.execution().epoch();
            stopped.set(late ? fresh : other);
            return late ? other : fresh;
        });
        return stopped.get();
    }

    private void followSuspension(Owned fresh) {
        if (suspended) {
            fresh.execution().suspend();
            if (!suspended) {
                fresh.execution().resume();
            }
        }
    }

    private void over(Owned ended, ExecutionOutcome how) {
        if (owned.remove(ended.run(), ended)) {
            counts.owned.decrementAndGet();
        }
        switch (how) {
            case HANDED_OFF -> counts.handedOff(ended.leaving());
            case FENCED -> counts.fenced();
            case REFUSED -> takeover.repair(ended.run(), ended.execution().epoch());
            case ENDED -> {}
        }
    }

    /** A run that was made here. */
    public void made(NewRun run, ModelRequest request) {
        Owned fresh = own(run.id(), 1, run.rows().size());
        // On the native wire, without a log that others read, the run is part of its request and counted with it.
        if (context.log().durable() || !run.wire().equals("native")) {
            fresh.count(inFlight);
        }
        ResponseFold fold = new ResponseFold();
        run.rows().forEach(fold::apply);
        ResponseEventWriter draft =
                new ResponseEventWriter(run.id(), fold, run.rows().size(), List.of());
        fresh.expect(context.model().strategy(request) == Strategy.NEW_ITEM);
        fresh.execution().begin(draft, context.toolbox().offer(request), draft.begin(), run.deadline());
    }

    @Override
    public void claimed(Claimed claimed) {
        take(claimed);
    }

    /** Executes the claim; completed when this pod has done with it. */
    public CompletionStage<Void> take(Claimed claimed) {
        Owned fresh = own(claimed.run(), claimed.epoch(), claimed.nextSeq());
        boolean counted = context.log().durable() && fresh.count(inFlight);
        if (context.log().durable() && !counted && !claimed.cancelRequested()) {
            fresh.handOff();
        }
        if (claimed.cancelRequested()) {
            context.feed().taken(claimed.run());
        }
        takeover.open(fresh, claimed);
        return fresh.over();
    }

    @Override
    public void fenced(UUID run, int epoch) {
        Owned found = owned.get(run);
        if (found != null && found.execution().epoch() == epoch) {
            found.execution().trace().logged(() -> LOG.infof("fenced run=%s", run));
            found.execution().stop();
        }
    }

    @Override
    public void lost() {
        stopAll();
    }

    void stopAll() {
        suspended = false;
        owned.values().forEach(each -> each.execution().stop());
    }

    @Override
    public void suspended() {
        suspended = true;
        owned.values().forEach(each -> each.execution().suspend());
    }

    @Override
    public void resumed() {
        suspended = false;
        owned.values().forEach(each -> each.execution().resume());
    }

    @Override
    public Map<UUID, Integer> owned() {
        return owned.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().execution().epoch()));
    }

    public boolean owns(UUID run) {
        return owned.containsKey(run);
    }

    boolean isEmpty() {
        return owned.isEmpty();
    }

    /** The runs that are handed off; each constant includes those before it. */
    enum Reach {
        /** Runs whose clients cannot see the change, outside a tool call. */
        SEAMLESS,
        /** All but those in the middle of a call that the next owner could not make again. */
        REPEATABLE,
        /** All runs, because no time is left to wait for a call. */
        ALL
    }

    /** Gives runs away. */
    void handOff(Reach reach) {
        owned.values().stream().filter(each -> isWithin(reach, each)).forEach(Owned::handOff);
    }

    private static boolean isWithin(Reach reach, Owned each) {
        return switch (reach) {
            case SEAMLESS -> each.isSeamless();
            case REPEATABLE -> !each.execution().isCallingForGood();
            case ALL -> true;
        };
    }
}

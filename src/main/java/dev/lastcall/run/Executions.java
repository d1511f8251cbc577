package dev.lastcall.run;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What this pod executes: each run at most once, under its newest claim. Thread-safe.
 *
 * <ul>
 *   <li>Claimed here again while an older claim of ours is still at work (cancelled, or lost and found): the older one is stopped first; the
 *       log fences it anyway.
 *   <li>An execution that is over takes itself out, and only itself: a newer claim of the same run stays.
 *   <li>The lease is lost while a claim is being opened: it is stopped before it has begun, and so never begins.
 *   <li>A claim is answered when the gate has closed already: it is given away at once, because nothing in flight waits for it.
 *   <li>Over before it is counted, or resumed before it was suspended: both look again after their second step.
 *   <li>A loss is noticed while the same run is claimed here anew: a loss names the epoch, and ends that one alone.
 * </ul>
 */
final class Executions implements Ownership.Owner {
    private static final Logger LOG = Logger.getLogger(Executions.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Desk desk;
    private final InFlight inFlight;
    private final RunCounts counts;
    private final Map<UUID, Owned> owned = new ConcurrentHashMap<>();
    private volatile boolean suspended;

    Executions(Desk desk, InFlight inFlight, RunCounts counts) {
        this.desk = desk;
        this.inFlight = inFlight;
        this.counts = counts;
    }

    /** One execution with what counts it. */
    private final class Owned implements Work {
        private final UUID run;
        private final Execution execution;
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final AtomicLong leavingSince = new AtomicLong();
        private volatile @Nullable Entry entry;
        private volatile boolean seamless = true;

        Owned(UUID run, int epoch, int nextSeq) {
            this.run = run;
            execution = new Execution(run, epoch, nextSeq, desk, this::over);
        }

        /** Again and again until it is over: only the first time counts. */
        void handOff() {
            long now = desk.time().nanoTime();
            if (leavingSince.compareAndSet(0, now == 0 ? 1 : now)) {
                execution.handOff();
            }
        }

        /** False where the gate is closed. */
        boolean count() {
            Admission admission = inFlight.admit(this, EntryClass.RUN, false);
            if (admission instanceof Entry counted) {
                entry = counted;
                if (over.isDone()) {
                    counted.end(Outcome.COMPLETED);
                }
                return true;
            }
            return false;
        }

        void followSuspension() {
            if (suspended) {
                execution.suspend();
                if (!suspended) {
                    execution.resume();
                }
            }
        }

        private void over(Execution.Over how) {
            owned.remove(run, this);
            counts.owned.set(owned.size());
            if (how == Execution.Over.HANDED_OFF) {
                counts.handedOff(Duration.ofNanos(desk.time().nanoTime() - leavingSince.get()));
            } else if (how == Execution.Over.FENCED) {
                counts.fenced();
            } else if (how == Execution.Over.REFUSED) {
                repair(run, execution.epoch());
            }
            over.complete(null);
            Entry counted = entry;
            if (counted != null) {
                counted.end(Outcome.COMPLETED);
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

    private Owned own(UUID run, int epoch, int nextSeq) {
        Owned fresh = new Owned(run, epoch, nextSeq);
        Owned older = owned.put(run, fresh);
        counts.owned.set(owned.size());
        if (older != null) {
            older.execution.stop();
        }
        fresh.followSuspension();
        return fresh;
    }

    /** A run that was made here. */
    void made(NewRun run, ModelRequest request) {
        Owned fresh = own(run.id(), 1, run.rows().size());
        // On the native wire, without a log that others read, the run is part of its request and counted with it.
        if (desk.log().durable() || !run.wire().equals("native")) {
            fresh.count();
        }
        ResponseFold fold = new ResponseFold();
        run.rows().forEach(fold::apply);
        Draft draft = new Draft(run.id(), fold, run.rows().size(), List.of());
        fresh.seamless = isSeamless(request);
        fresh.execution.begin(draft, desk.toolbox().offer(request), draft.begin(), run.deadline());
    }

    private boolean isSeamless(ModelRequest request) {
        return desk.model().strategy(request) != Strategy.NEW_ITEM;
    }

    @Override
    public void claimed(Claimed claimed) {
        take(claimed);
    }

    /** Executes the claim; completed when this pod has done with it. */
    CompletionStage<Void> take(Claimed claimed) {
        Owned fresh = own(claimed.run(), claimed.epoch(), claimed.nextSeq());
        boolean counted = desk.log().durable() && fresh.count();
        if (desk.log().durable() && !counted && !claimed.cancelRequested()) {
            fresh.handOff();
        }
        if (claimed.cancelRequested()) {
            desk.feed().taken(claimed.run());
        }
        open(fresh, claimed);
        return fresh.over;
    }

    private void open(Owned fresh, Claimed claimed) {
        if (fresh.over.isDone()) {
            return;
        }
        Opened.read(desk.log(), claimed.run()).whenComplete((opened, failure) -> {
            if (failure != null) {
                LOG.debugf(failure, "log not readable, tried again run=%s", claimed.run());
                desk.time().schedule(RETRY, () -> open(fresh, claimed));
            } else if (opened.isEmpty() || opened.get().next() != claimed.nextSeq()) {
                // Deleted, or claimed by another pod in between.
                fresh.execution.stop();
            } else if (fresh.leavingSince.get() == 0) {
                tryToGoOn(fresh, claimed, opened.get());
            }
        });
    }

    /** What no pod can read fails here, and not on one pod after the other until its deadline. */
    private void tryToGoOn(Owned fresh, Claimed claimed, Opened opened) {
        try {
            goOn(fresh, claimed, opened);
        } catch (RuntimeException e) {
            LOG.errorf(e, "a run cannot be gone on with run=%s", claimed.run());
            Draft draft = new Draft(claimed.run(), opened.fold(), claimed.nextSeq(), List.of());
            fresh.execution.seal(
                    draft, open -> open.fail("server_error", "the run cannot be gone on with; send the input again"));
        }
    }

    private void goOn(Owned fresh, Claimed claimed, Opened opened) {
        ModelRequest request = desk.toolbox()
                .offer(ModelRequest.of(new JsonObject(opened.meta().request())));
        boolean spoken = opened.fold().items() > 0;
        List<String> handoffs = new ArrayList<>(opened.meta().handoffs());
        if (spoken && !claimed.cancelRequested()) {
            String key = desk.model().strategy(request).key();
            handoffs.add(claimed.nextSeq() + ":" + claimed.epoch() + ":" + key);
            desk.log().noteHandoff(claimed.run(), handoffs.get(handoffs.size() - 1));
        }
        Draft draft = new Draft(claimed.run(), opened.fold(), claimed.nextSeq(), newest(handoffs));
        fresh.seamless = isSeamless(request);
        Optional<String> refusal = refusal(claimed);
        if (claimed.cancelRequested()) {
            fresh.execution.seal(draft, Draft::cancel);
        } else if (refusal.isPresent()) {
            fresh.execution.seal(draft, open -> open.fail("server_error", refusal.get()));
        } else {
            goOn(fresh.execution, draft, request, claimed.deadline());
        }
    }

    private void goOn(Execution execution, Draft draft, ModelRequest request, Instant deadline) {
        List<Row> rows = new ArrayList<>(draft.begin());
        Continued continued = Continued.of(draft, request, desk.model());
        rows.addAll(continued.rows());
        counts.respent(continued.respent());
        if (continued.request() == null) {
            execution.seal(
                    draft,
                    open -> open.fail("server_error", "structured output was interrupted and cannot be gone on with"));
        } else {
            execution.begin(draft, request, continued.request(), rows, deadline);
        }
    }

    private static List<String> newest(List<String> handoffs) {
        return handoffs.subList(Math.max(0, handoffs.size() - RunView.KEPT_HANDOFFS), handoffs.size());
    }

    private Optional<String> refusal(Claimed claimed) {
        if (claimed.attempts() > desk.limits().maxAttempts()) {
            return Optional.of("the run lost its pod " + claimed.attempts() + " times; it is not tried again");
        }
        if (!desk.time().instant().isBefore(claimed.deadline())) {
            return Optional.of("the run took longer than " + desk.limits().maxDuration()
                    + " (lastcall.run.max-duration); ask for less");
        }
        return Optional.empty();
    }

    /** The log holds less than we wrote: what it has is closed as failed. */
    private void repair(UUID run, int epoch) {
        Opened.read(desk.log(), run).whenComplete((opened, failure) -> {
            if (failure == null && opened.isPresent() && !opened.get().status().isTerminal()) {
                Opened found = opened.get();
                Draft draft = new Draft(run, found.fold(), found.next(), List.of());
                Draft.Ending end = draft.fail("server_error", "the run could not be logged; send the input again");
                desk.log()
                        .append(new Batch(run, epoch, found.next(), end.rows(), end.status()))
                        .thenAccept(result -> {
                            if (result instanceof AppendResult.Committed) {
                                desk.feed().committed(run, end.rows());
                            }
                        });
            }
        });
    }

    @Override
    public void fenced(UUID run, int epoch) {
        Owned found = owned.get(run);
        if (found != null && found.execution.epoch() == epoch) {
            LOG.infof("fenced run=%s", run);
            found.execution.stop();
        }
    }

    @Override
    public void lost() {
        stopAll();
    }

    void stopAll() {
        suspended = false;
        owned.values().forEach(each -> each.execution.stop());
    }

    @Override
    public void suspended() {
        suspended = true;
        owned.values().forEach(each -> each.execution.suspend());
    }

    @Override
    public void resumed() {
        suspended = false;
        owned.values().forEach(each -> each.execution.resume());
    }

    @Override
    public Map<UUID, Integer> owned() {
        return owned.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().execution.epoch()));
    }

    boolean owns(UUID run) {
        return owned.containsKey(run);
    }

    boolean isEmpty() {
        return owned.isEmpty();
    }

    /** Which runs are given away; each takes those before it along. */
    enum Reach {
        /** Their clients see no seam, and they are not in the middle of a tool call. */
        SEAMLESS,
        /** All but those in the middle of a call that the next owner could not make again. */
        REPEATABLE,
        /** There is no time left to await any call. */
        ALL
    }

    /** Gives runs away. */
    void handOff(Reach reach) {
        owned.values().stream().filter(each -> isWithin(reach, each)).forEach(Owned::handOff);
    }

    private static boolean isWithin(Reach reach, Owned each) {
        return switch (reach) {
            case SEAMLESS -> each.seamless && !each.execution.isCalling();
            case REPEATABLE -> !each.execution.isCallingForGood();
            case ALL -> true;
        };
    }
}

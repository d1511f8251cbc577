package dev.lastcall.run;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import dev.lastcall.model.ModelRequest;
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
        private @Nullable Entry entry;
        private volatile boolean seamless = true;
        private volatile long leavingSince;

        Owned(UUID run, int epoch, int nextSeq) {
            this.run = run;
            execution = new Execution(run, epoch, nextSeq, desk, this::over);
        }

        void handOff() {
            leavingSince = desk.time().nanoTime();
            execution.handOff();
        }

        private void over(Execution.Over how) {
            owned.remove(run, this);
            counts.owned.set(owned.size());
            if (how == Execution.Over.HANDED_OFF) {
                counts.handedOff(Duration.ofNanos(desk.time().nanoTime() - leavingSince));
            } else if (how == Execution.Over.FENCED) {
                counts.fenced();
            } else if (how == Execution.Over.REFUSED) {
                repair(run, execution.epoch());
            }
            Entry counted = entry;
            if (counted != null) {
                counted.end(Outcome.COMPLETED);
            }
            over.complete(null);
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
        // Without a log that others read, the run is part of its request and counted with it.
        if (desk.log().durable()) {
            Admission admission = inFlight.admit(fresh, EntryClass.RUN, false);
            fresh.entry = admission instanceof Entry entry ? entry : null;
        }
        if (suspended) {
            fresh.execution.suspend();
        }
        return fresh;
    }

    /** A run that was made here. */
    void made(NewRun run, ModelRequest request) {
        Owned fresh = own(run.id(), 1, run.rows().size());
        ResponseFold fold = new ResponseFold();
        run.rows().forEach(fold::apply);
        Draft draft = new Draft(run.id(), fold, run.rows().size(), List.of());
        fresh.seamless = isSeamless(request);
        fresh.execution.begin(draft, request, draft.begin(), run.deadline());
    }

    private boolean isSeamless(ModelRequest request) {
        return desk.model().strategy(request) != dev.lastcall.model.Strategy.NEW_ITEM;
    }

    @Override
    public void claimed(Claimed claimed) {
        take(claimed);
    }

    /** Executes the claim; completed when this pod has done with it. */
    CompletionStage<Void> take(Claimed claimed) {
        Owned fresh = own(claimed.run(), claimed.epoch(), claimed.nextSeq());
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
            } else {
                goOn(fresh, claimed, opened.get());
            }
        });
    }

    private void goOn(Owned fresh, Claimed claimed, Opened opened) {
        ModelRequest request = ModelRequest.of(new JsonObject(opened.meta().request()));
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
            execution.begin(draft, continued.request(), rows, deadline);
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
    public void fenced(UUID run) {
        Owned found = owned.get(run);
        if (found != null) {
            LOG.infof("fenced run=%s", run);
            found.execution.stop();
        }
    }

    @Override
    public void lost() {
        stopAll();
    }

    void stopAll() {
        owned.values().forEach(each -> each.execution.stop());
        suspended = false;
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

    boolean isEmpty() {
        return owned.isEmpty();
    }

    /**
     * Gives runs away.
     *
     * @param all also those whose clients will see a seam
     */
    void handOff(boolean all) {
        owned.values().stream().filter(each -> all || each.seamless).forEach(Owned::handOff);
    }
}

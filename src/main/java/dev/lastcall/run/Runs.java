package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.run.event.Gone;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.execution.Executions;
import dev.lastcall.run.execution.ResponseEventWriter;
import dev.lastcall.run.execution.RunLimits;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.InsertResult;
import dev.lastcall.run.log.LogFull;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.Page;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.log.RunMeta;
import dev.lastcall.run.log.RunSnapshot;
import dev.lastcall.run.ownership.Ownership;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Begins runs, shows them and ends them; one code path, whether the log is in PostgreSQL or in this process. What fails here says that the
 * log cannot be reached. Nothing blocks. Thread-safe.
 */
public final class Runs {
    /** The longest wait for another pod that ends a run. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RunLog log;
    private final Ownership ownership;
    private final Executions executions;
    private final Tails tails;
    private final RunLimits limits;

    public Runs(RunLog log, Ownership ownership, Executions executions, Tails tails, RunLimits limits) {
        this.log = log;
        this.ownership = ownership;
        this.executions = executions;
        this.tails = tails;
        this.limits = limits;
    }

    /** Whether runs outlive this process: then others finish what it cannot, and a client's leaving stops nothing. */
    public boolean durable() {
        return log.durable();
    }

    /**
     * Makes the run, and executes it here unless another pod is to; or joins the one that the same request has made before. Fails with
     * {@link TooManyRuns} where a limit forbids another one.
     */
    public CompletionStage<StartResult> begin(RunRequest asked) {
        if (asked.retry() == 0 || asked.key() != null) {
            return make(asked);
        }
        return reached(log.retried(asked.tenant(), asked.hash(), asked.retry()))
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(new StartResult.Joined(found.get()))
                        : make(asked));
    }

    /** Counted before it is made and not in one step with it: many requests at once may pass the limit by a few. */
    private CompletionStage<StartResult> make(RunRequest asked) {
        return reached(log.live(asked.tenant())).thenCompose(live -> {
            if (live >= limits.maxPerTenant()) {
                throw new TooManyRuns(live + " of your runs have not ended (expected: fewer than "
                        + limits.maxPerTenant() + ", lastcall.run.max-per-tenant); wait for one to end");
            }
            return insert(asked);
        });
    }

    private CompletionStage<StartResult> insert(RunRequest asked) {
        Instant now = Instant.now();
        UUID id = RunId.at(now.toEpochMilli());
        // Nobody else serves: better here, for as long as it goes, than nowhere.
        boolean mine = ownership.mayOwn() || (ownership.paused() && !ownership.othersServe());
        if (!mine && !durable()) {
            throw new TooManyRuns(
                    "this process executes as many runs as it may (lastcall.run.max-owned); send it again");
        }
        String status = asked.background() ? "queued" : "in_progress";
        JsonObject response = NewResponse.of(id, now, status, asked.echo());
        NewRun run = new NewRun(
                id,
                asked.tenant(),
                asked.wire(),
                asked.request().json().encode(),
                asked.key(),
                asked.hash(),
                asked.stored(),
                now,
                now.plus(limits.maxDuration()),
                mine ? RunStatus.RUNNING : RunStatus.QUEUED,
                ResponseEventWriter.created(response));
        return reached(log.insert(run, asked.retry(), asked.wanted()))
                .thenApply(inserted -> begun(run, asked, inserted));
    }

    private StartResult begun(NewRun run, RunRequest asked, InsertResult inserted) {
        if (inserted instanceof InsertResult.Existing existing) {
            return existing.sameRequest()
                    ? new StartResult.Joined(existing.id())
                    : new StartResult.Conflict(existing.id());
        }
        if (run.status() == RunStatus.RUNNING) {
            executions.made(run, asked.request());
        }
        return new StartResult.Made(run.id());
    }

    /**
     * The run's events above {@code after}, then those to come, then completion; {@link Gone} where the run is not in the log any more. Each
     * subscriber has a tail of its own, wherever the run is executed.
     */
    public Flow.Publisher<LoggedEvent> tail(UUID run, int after) {
        return follower -> tails.follow(run, after, follower);
    }

    /**
     * The run for one client of the native wire.
     *
     * @param after the last seq that the client has; -1: none
     * @param signal of the client's request, not a proxy: it is called from timers; null: somebody else says goodbye
     */
    public Run follow(UUID run, int after, @Nullable DrainSignal signal) {
        return new Run(run, after, this, signal);
    }

    /** The run as it stands, where it is this tenant's. */
    public CompletionStage<Optional<RunView>> find(String tenant, UUID run) {
        return reached(log.meta(run))
                .thenCompose(meta -> isOf(tenant, meta)
                        ? reached(RunSnapshot.read(log, meta.orElseThrow())).thenApply(opened -> opened.map(Runs::view))
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** The run as it was begun and how far it has come, where it is this tenant's. */
    public CompletionStage<Optional<RunHead>> head(String tenant, UUID run) {
        // Asked at once: thousands who come back at the same moment wait for one round trip less.
        return reached(log.meta(run))
                .thenCombine(
                        reached(log.read(run, -1, 1)),
                        (meta, page) -> isOf(tenant, meta)
                                ? page.map(first -> head(meta.orElseThrow(), first))
                                : Optional.empty());
    }

    private static RunHead head(RunMeta meta, Page first) {
        ResponseFold fold = new ResponseFold();
        first.rows().forEach(fold::apply);
        return new RunHead(meta.id(), meta.stored(), first.status(), fold.response(), first.nextSeq() - 1);
    }

    private static <T> CompletionStage<T> reached(CompletionStage<T> stage) {
        return stage.exceptionally(failure -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof LogFull full) {
                throw new TooManyRuns(String.valueOf(full.getMessage()));
            }
            throw new LogUnreachable(failure);
        });
    }

    private static boolean isOf(String tenant, Optional<RunMeta> meta) {
        return meta.isPresent() && meta.get().tenant().equals(tenant);
    }

    private static RunView view(RunSnapshot opened) {
        RunMeta meta = opened.meta();
        JsonObject response = opened.fold().response();
        List<String> handoffs = meta.handoffs();
        if (!handoffs.isEmpty()) {
            response.put(ResponseEventWriter.HANDOFFS, String.join(",", handoffs));
        }
        return new RunView(
                meta.id(),
                meta.wire(),
                meta.stored(),
                opened.status(),
                ModelRequest.of(new JsonObject(meta.request())),
                response,
                opened.fold().said(),
                opened.fold().tokens(),
                opened.next() - 1,
                meta.createdAt(),
                meta.endedAt());
    }

    /** Cancels the run if it has not ended, and returns the run as it is then. Idempotent. */
    public CompletionStage<Optional<RunView>> cancel(String tenant, UUID run) {
        return reached(log.meta(run))
                .thenCompose(meta -> isOf(tenant, meta)
                        ? end(run).thenCompose(ended -> find(tenant, run))
                        : CompletableFuture.completedFuture(Optional.empty()));
    }

    /** The newest run that was begun with this hash and has not ended. */
    public CompletionStage<Optional<UUID>> underWay(String tenant, String hash) {
        return reached(log.underWay(tenant, hash));
    }

    /**
     * Cancels the others of them: the newest has superseded them. Two that are begun at once, at whichever pods, both ask for this once they
     * are in the log, and agree on the one that stays.
     */
    public CompletionStage<Void> endSuperseded(String tenant, String hash) {
        return reached(log.superseded(tenant, hash))
                .thenCompose(old -> CompletableFuture.allOf(
                        old.stream().map(run -> end(run).toCompletableFuture()).toArray(CompletableFuture[]::new)));
    }

    /** The client is sent away and comes back with the same request, without saying that it is the same: it finds this run. */
    public CompletionStage<Void> expectRetry(UUID run) {
        return reached(log.expectRetry(run));
    }

    /** The run that a client which was sent away comes back for; empty: it asks for a new one. */
    public CompletionStage<Optional<UUID>> expected(String tenant, String hash) {
        return durable() ? reached(log.retried(tenant, hash, 0)) : CompletableFuture.completedFuture(Optional.empty());
    }

    /** An answer has left for the run's own client: no retry of its SDK's means the run any more. */
    public CompletionStage<Void> answered(UUID run) {
        return reached(log.answered(run));
    }

    /** Adds one more client to a run that has one already; returns its number among them. The one that the run was made for is 0. */
    public CompletionStage<Integer> join(UUID run) {
        return reached(log.joined(run));
    }

    /** Ends a run whose client has left, unless another one has come to it since, at whichever pod, or follows it here. */
    public CompletionStage<Void> abandon(UUID run, int client) {
        return reached(log.newestClient(run))
                .thenCompose(newest ->
                        newest == client && !tails.follows(run) ? end(run) : CompletableFuture.completedFuture(null));
    }

    /** Cancels the run if it has not ended; completed when it has ended. */
    CompletionStage<Void> end(UUID run) {
        return reached(log.seize(run))
                .thenCompose(claimed -> claimed.isPresent()
                        ? executions.take(claimed.get()).thenCompose(over -> settled(run))
                        : CompletableFuture.completedFuture(null));
    }

    /** Another pod that ends the run at the same moment fences us and is waited for; where it dies, only for a while. */
    private CompletionStage<Void> settled(UUID run) {
        return reached(log.heads(Set.of(run))).thenCompose(heads -> {
            Head head = heads.get(run);
            if (head == null || head.status().isTerminal()) {
                return CompletableFuture.completedFuture(null);
            }
            ClientDelivery<LoggedEvent> rest = ClientDelivery.start(
                    tail(run, head.nextSeq() - 1), event -> CompletableFuture.completedFuture(null));
            return rest.ended()
                    .toCompletableFuture()
                    .completeOnTimeout(null, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .whenComplete((ended, failure) -> rest.cancel());
        });
    }

    /** Forgets the run, ending it first where it lives. False where there is no such run of this tenant. */
    public CompletionStage<Boolean> delete(String tenant, UUID run) {
        return cancel(tenant, run)
                .thenCompose(
                        view -> view.isPresent() ? log.delete(run) : CompletableFuture.completedFuture(Boolean.FALSE));
    }
}

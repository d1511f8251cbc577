package dev.lastcall.run.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The log of all runs, which is the truth for every pod. Thread-safe; nothing blocks the caller. A failed stage means that the log cannot
 * be reached, except for {@link #append}, which retries until the outcome is known.
 */
public interface RunLog {
    /** Whether it outlives this process, so that other pods can finish what is begun here. */
    boolean durable();

    /** Adds the batch in one step. At most one batch of a run may be on its way. Never fails: the result says what happened. */
    CompletionStage<AppendResult> append(Batch batch);

    /** Rows with a seq above {@code after}, at most {@code limit} of them; empty where there is no such run. */
    CompletionStage<Optional<Page>> read(UUID run, int after, int limit);

    /** Returns the state of a reader that has the rows up to {@code after}; empty where it has to read them. */
    default CompletionStage<Optional<Checkpoint>> checkpoint(UUID run, int after) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** Returns the heads of these runs, without those that do not exist. */
    CompletionStage<Map<UUID, Head>> heads(Collection<UUID> runs);

    /**
     * Returns the heads of those runs whose log has moved on; empty for those that do not exist.
     *
     * @param known the next seq of each, as far as somebody has heard
     */
    default CompletionStage<Map<UUID, Optional<Head>>> changes(Map<UUID, Integer> known) {
        return heads(known.keySet()).thenApply(heads -> {
            Map<UUID, Optional<Head>> changes = new HashMap<>();
            known.forEach((run, next) -> {
                Head head = heads.get(run);
                if (head == null || head.nextSeq() != next) {
                    changes.put(run, Optional.ofNullable(head));
                }
            });
            return changes;
        });
    }

    CompletionStage<InsertResult> insert(NewRun run);

    CompletionStage<Optional<RunMeta>> meta(UUID run);

    /**
     * Claims a live run from its owner in order to cancel it, and records the request to cancel.
     *
     * @return empty where there is no such run or it has ended
     */
    CompletionStage<Optional<Claimed>> seize(UUID run);

    /** Forgets a run that has ended. False where it lives or is not there. */
    CompletionStage<Boolean> delete(UUID run);

    /** Keeps {@code seq:epoch:strategy} of a claim after the first, the last 16 of a run. */
    CompletionStage<Void> noteHandoff(UUID run, String handoff);

    /**
     * The same for an SDK's retry that no earlier run was found for.
     *
     * @param retry the SDK's count: no retry of this number will mean this run
     */
    default CompletionStage<InsertResult> insert(NewRun run, int retry) {
        return insert(run);
    }

    /**
     * The same for a client that may leave meanwhile.
     *
     * @param wanted whether it is still there; what was not begun before it left is not begun at all
     */
    default CompletionStage<InsertResult> insert(NewRun run, int retry, BooleanSupplier wanted) {
        return insert(run, retry);
    }

    /**
     * The run that an SDK's retry means: of the same tenant and hash, never answered, live or ended less than 60 s ago. Each is found once by
     * a retry of one number, so that two clients that sent the same get two runs.
     *
     * @param retry the SDK's count, 1 for the first retry; 0 of a client that was told to come again and does not count
     */
    default CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** The newest run of this tenant and hash that has not ended and was never answered. */
    default CompletionStage<Optional<UUID>> underWay(String tenant, String hash) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** The others of them, which it supersedes. */
    default CompletionStage<List<UUID>> superseded(String tenant, String hash) {
        return CompletableFuture.completedFuture(List.of());
    }

    /** The run's own client is sent away: {@link #retried} with 0 finds the run. */
    default CompletionStage<Void> expectRetry(UUID run) {
        return CompletableFuture.completedFuture(null);
    }

    /** An answer has left for the run's own client: no retry means it any more. */
    default CompletionStage<Void> answered(UUID run) {
        return CompletableFuture.completedFuture(null);
    }

    /** Counts one more client of the run, and returns how many have come besides the first. */
    default CompletionStage<Integer> joined(UUID run) {
        return CompletableFuture.completedFuture(0);
    }

    /** Returns the last result of {@link #joined}; 0: no further client has come, -1: there is no such run. */
    default CompletionStage<Integer> newestClient(UUID run) {
        return CompletableFuture.completedFuture(0);
    }

    /** Returns the number of the tenant's runs that have not ended. */
    default CompletionStage<Integer> live(String tenant) {
        return CompletableFuture.completedFuture(0);
    }
}

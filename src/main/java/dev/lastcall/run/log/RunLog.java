package dev.lastcall.run.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log of all runs: what is in it has happened, whoever asks. Thread-safe; nothing blocks the caller. A stage that fails says that the
 * log cannot be reached, except for {@link #append}, which goes on until it knows.
 */
public interface RunLog {
    /** Whether it outlives this process, so that other pods can finish what is begun here. */
    boolean durable();

    /** Adds the batch in one step. At most one batch of a run may be on its way. Never fails: the result says what happened. */
    CompletionStage<AppendResult> append(Batch batch);

    /** Rows with a seq above {@code after}, at most {@code limit} of them; empty where there is no such run. */
    CompletionStage<Optional<Page>> read(UUID run, int after, int limit);

    /** Where these runs stand; without those that are not there. */
    CompletionStage<Map<UUID, Head>> heads(Collection<UUID> runs);

    /**
     * The runs that stand elsewhere than is known, and where; empty for those that are not there.
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
     * Takes a live run from whoever owns it, in order to cancel it, and remembers that it is to be cancelled.
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
     * The run that an SDK's retry means: of the same tenant and hash, never answered, live or ended less than 60 s ago. Each is found once by
     * a retry of one number, so that two clients that sent the same get two runs.
     *
     * @param retry the SDK's count, 1 for the first retry
     */
    default CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /** An answer has left for the run's own client: no retry means it any more. */
    default CompletionStage<Void> answered(UUID run) {
        return CompletableFuture.completedFuture(null);
    }

    /** Counts one more client of the run; how many have come besides the one that it was made for. */
    default CompletionStage<Integer> joined(UUID run) {
        return CompletableFuture.completedFuture(0);
    }

    /** What {@link #joined} said last; 0: nobody has come, -1: there is no such run. */
    default CompletionStage<Integer> newestClient(UUID run) {
        return CompletableFuture.completedFuture(0);
    }

    /** How many runs of the tenant have not ended. */
    default CompletionStage<Integer> live(String tenant) {
        return CompletableFuture.completedFuture(0);
    }
}

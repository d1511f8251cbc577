package dev.lastcall.drain;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Last words that are not in flight: a refusal whose client is still sending, the 200 of a preStop hook. They keep no drain from being
 * DRAINED, but closing the servers under them would destroy them. Thread-safe.
 */
public final class FinalResponses {
    private CompletableFuture<Void> all = CompletableFuture.completedFuture(null);

    /** Puts the release off until this stage is complete, however it ends; the budget limits that, so a stage that never does is harmless. */
    public synchronized void register(CompletionStage<?> said) {
        CompletionStage<@Nullable Object> ended = said.handle((done, failure) -> null);
        CompletableFuture<Void> earlier = all.isDone() ? CompletableFuture.completedFuture(null) : all;
        all = CompletableFuture.allOf(earlier, ended.toCompletableFuture());
    }

    /** Complete once everything registered so far has ended. */
    public synchronized CompletableFuture<Void> said() {
        return all.copy();
    }
}

package dev.lastcall.drain;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers that are not in flight but must leave before the servers close: a refusal whose client is still sending, the 200 of a preStop
 * hook. They do not delay DRAINED, only the release. Thread-safe.
 */
@Internal
public final class FinalResponses {
    /** Only what has not ended: one slow client must not keep the memory of all that came after it. */
    private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

    /** Puts the release off until this stage is complete, however it ends; the budget limits that, so a stage that never does is harmless. */
    public void register(CompletionStage<?> response) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Object key = new Object();
        underWay.put(key, ended);
        response.whenComplete((done, failure) -> {
            underWay.remove(key);
            ended.complete(null);
        });
    }

    /** Complete once none is under way, those included that are registered meanwhile: what refuses goes on doing so. */
    public CompletableFuture<Void> allEnded() {
        CompletableFuture<?>[] known = underWay.values().toArray(CompletableFuture[]::new);
        CompletableFuture<Void> ended = CompletableFuture.allOf(known);
        return known.length == 0 ? ended : ended.thenCompose(over -> allEnded());
    }

    /** Returns the number that have not been flushed. */
    int count() {
        return underWay.size();
    }
}

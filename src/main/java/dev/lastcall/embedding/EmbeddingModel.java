package dev.lastcall.embedding;

import java.util.concurrent.CompletableFuture;

/** Embeds texts. Thread-safe. */
interface EmbeddingModel {
    /** Fails with a {@code ModelFailure}; cancelling it stops the work where it has not begun, or is an upstream's. */
    CompletableFuture<Embedded> embed(EmbeddingRequest request);
}

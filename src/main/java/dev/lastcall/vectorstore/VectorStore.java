package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A store as it stands.
 *
 * @param metadata the client's own; not to be changed
 * @param model that embeds its files and its queries
 * @param usage in bytes
 */
public record VectorStore(
        String id,
        String name,
        JsonObject metadata,
        String model,
        Instant createdAt,
        Instant lastActiveAt,
        long usage,
        FileCounts counts) {}

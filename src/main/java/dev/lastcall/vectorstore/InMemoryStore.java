package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A store on the heap, with its attached files by their id. Guarded by the monitor of its {@link InMemoryTables}. */
final class InMemoryStore {
    final String tenant;
    final Map<String, InMemoryAttachment> files = new LinkedHashMap<>();
    private VectorStore store;

    InMemoryStore(String tenant, VectorStore store) {
        this.tenant = tenant;
        this.store = store;
    }

    String model() {
        return store.model();
    }

    VectorStore view() {
        int[] counts = new int[3];
        long usage = 0;
        for (InMemoryAttachment each : files.values()) {
            counts[each.file.status().code()]++;
            usage += each.file.usage();
        }
        return new VectorStore(
                store.id(),
                store.name(),
                store.metadata(),
                store.model(),
                store.createdAt(),
                store.lastActiveAt(),
                usage,
                new FileCounts(counts[0], counts[1], counts[2]));
    }

    /** Notes that the store was used now. */
    void touch() {
        change(Optional.empty(), Optional.empty());
    }

    void change(Optional<String> name, Optional<JsonObject> metadata) {
        store = new VectorStore(
                store.id(),
                name.orElse(store.name()),
                metadata.orElse(store.metadata()),
                store.model(),
                store.createdAt(),
                Instant.now(),
                0,
                FileCounts.NONE);
    }
}

package dev.lastcall.openai;

import dev.lastcall.vectorstore.AttachedFile;
import dev.lastcall.vectorstore.SearchHit;
import dev.lastcall.vectorstore.VectorStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Vector stores, their files and what is found in them, as OpenAI's objects. */
final class StoreJson {
    private StoreJson() {}

    static JsonObject of(VectorStore store) {
        return new JsonObject()
                .put("id", store.id())
                .put("object", "vector_store")
                .put("created_at", store.createdAt().getEpochSecond())
                .put("name", store.name())
                .put("usage_bytes", store.usage())
                .put(
                        "file_counts",
                        new JsonObject()
                                .put("in_progress", store.counts().inProgress())
                                .put("completed", store.counts().completed())
                                .put("failed", store.counts().failed())
                                .put("cancelled", 0)
                                .put("total", store.counts().total()))
                .put("status", store.counts().inProgress() > 0 ? "in_progress" : "completed")
                .putNull("expires_after")
                .putNull("expires_at")
                .put("last_active_at", store.lastActiveAt().getEpochSecond())
                .put("metadata", store.metadata());
    }

    static JsonObject of(AttachedFile file) {
        return new JsonObject()
                .put("id", file.file())
                .put("object", "vector_store.file")
                .put("usage_bytes", file.usage())
                .put("created_at", file.createdAt().getEpochSecond())
                .put("vector_store_id", file.store())
                .put("status", file.status().key())
                .put("last_error", error(file.error()))
                .put(
                        "chunking_strategy",
                        new JsonObject()
                                .put("type", "static")
                                .put(
                                        "static",
                                        new JsonObject()
                                                .put(
                                                        "max_chunk_size_tokens",
                                                        file.chunking().size())
                                                .put(
                                                        "chunk_overlap_tokens",
                                                        file.chunking().overlap())))
                .put("attributes", file.attributes());
    }

    /** Kept as {@code code: message}. */
    private static @Nullable JsonObject error(@Nullable String error) {
        if (error == null) {
            return null;
        }
        boolean coded = error.startsWith("server_error: ") || error.startsWith("invalid_file: ");
        return new JsonObject()
                .put("code", coded ? error.substring(0, error.indexOf(':')) : "server_error")
                .put("message", coded ? error.substring(error.indexOf(':') + 2) : error);
    }

    static JsonObject of(SearchHit hit) {
        return new JsonObject()
                .put("file_id", hit.file())
                .put("filename", hit.filename())
                .put("score", hit.score())
                .put("attributes", hit.attributes())
                .put(
                        "content",
                        new JsonArray().add(new JsonObject().put("type", "text").put("text", hit.text())));
    }
}

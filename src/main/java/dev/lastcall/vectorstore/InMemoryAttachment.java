package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attached file on the heap, with the chunks that are embedded of it. Guarded by the monitor of its {@link InMemoryTables}. */
final class InMemoryAttachment {
    final long serial;
    final List<EmbeddedChunk> chunks = new ArrayList<>();
    AttachedFile file;
    boolean claimed;
    int epoch;
    /** The vectors of all chunks, once there are all; never changed, so that a search compares them without the monitor. */
    FileVectors vectors = FileVectors.of(List.of());

    InMemoryAttachment(long serial, AttachedFile file) {
        this.serial = serial;
        this.file = file;
    }

    void become(AttachedFile.Status status, @Nullable String error) {
        file = new AttachedFile(
                file.store(),
                file.file(),
                status,
                file.attributes(),
                file.chunking(),
                EmbeddedChunk.usage(chunks),
                file.createdAt(),
                error);
        claimed = claimed && status == AttachedFile.Status.IN_PROGRESS;
    }

    void describe(JsonObject attributes) {
        file = new AttachedFile(
                file.store(),
                file.file(),
                file.status(),
                attributes,
                file.chunking(),
                file.usage(),
                file.createdAt(),
                file.error());
    }
}

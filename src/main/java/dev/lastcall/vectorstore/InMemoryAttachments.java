package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Attached files on the heap. */
record InMemoryAttachments(InMemoryTables tables) implements AttachmentStorage {
    @Override
    public boolean attach(String tenant, String store, String file, JsonObject attributes, Chunking chunking) {
        synchronized (tables) {
            Optional<InMemoryStore> found = tables.store(tenant, store);
            if (found.isEmpty() || tables.file(tenant, file).isEmpty()) {
                return false;
            }
            AttachedFile fresh = new AttachedFile(
                    store, file, AttachedFile.Status.IN_PROGRESS, attributes, chunking, 0, Instant.now(), null);
            found.get().files.computeIfAbsent(file, id -> new InMemoryAttachment(tables.nextSerial(), fresh));
            found.get().touch();
            return true;
        }
    }

    @Override
    public List<AttachedFile> list(String tenant, String store) {
        synchronized (tables) {
            return tables.store(tenant, store)
                    .map(each -> InMemoryTables.newestFirst(
                            each.files.values().stream().map(one -> one.file).toList()))
                    .orElseGet(List::of);
        }
    }

    private Optional<InMemoryAttachment> find(String tenant, String store, String file) {
        return tables.store(tenant, store).map(each -> each.files.get(file));
    }

    @Override
    public boolean changeAttributes(String tenant, String store, String file, JsonObject attributes) {
        synchronized (tables) {
            Optional<InMemoryAttachment> found = find(tenant, store, file);
            found.ifPresent(each -> each.describe(attributes));
            return found.isPresent();
        }
    }

    @Override
    public boolean detach(String tenant, String store, String file) {
        synchronized (tables) {
            Optional<InMemoryAttachment> gone = tables.store(tenant, store).map(each -> each.files.remove(file));
            gone.ifPresent(tables::forget);
            return gone.isPresent();
        }
    }

    @Override
    public List<String> chunks(String tenant, String store, String file) {
        synchronized (tables) {
            return find(tenant, store, file)
                    .map(each -> each.chunks.stream().map(EmbeddedChunk::text).toList())
                    .orElseGet(List::of);
        }
    }
}

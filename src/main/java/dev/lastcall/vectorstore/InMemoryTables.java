package dev.lastcall.vectorstore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files and stores of an {@link InMemoryStorage}, and the bytes that they take, which are bounded. All of it, with what it refers to, is
 * guarded by the monitor of this object.
 */
final class InMemoryTables {
    /** The key of the limit. */
    static final String LIMIT = "lastcall.vector-store.memory";

    final Map<String, Upload> files = new LinkedHashMap<>();
    final Map<String, InMemoryStore> stores = new LinkedHashMap<>();
    private final long limit;
    private long bytes;
    private long serials;

    /** @param limit in bytes */
    InMemoryTables(long limit) {
        this.limit = limit;
    }

    record Upload(String tenant, StoredFile file, String text) {}

    long limit() {
        return limit;
    }

    /** Takes memory; false, and takes none, where that would exceed the limit. */
    boolean take(long more) {
        boolean fits = bytes + more <= limit;
        bytes += fits ? more : 0;
        return fits;
    }

    void free(long less) {
        bytes -= less;
    }

    /** Frees what a file took that is no longer attached. */
    void forget(@Nullable InMemoryAttachment gone) {
        if (gone != null) {
            free(size(gone.chunks));
        }
    }

    /** The bytes of the heap that chunks take. */
    static long size(List<EmbeddedChunk> chunks) {
        return chunks.stream()
                .mapToLong(
                        chunk -> 8L * chunk.vector().length + 2L * chunk.text().length())
                .sum();
    }

    long nextSerial() {
        return ++serials;
    }

    Optional<Upload> file(String tenant, String id) {
        return Optional.ofNullable(files.get(id)).filter(each -> each.tenant().equals(tenant));
    }

    Optional<InMemoryStore> store(String tenant, String id) {
        return Optional.ofNullable(stores.get(id)).filter(each -> each.tenant.equals(tenant));
    }

    static <T> List<T> newestFirst(List<T> oldestFirst) {
        List<T> reversed = new ArrayList<>(oldestFirst);
        Collections.reverse(reversed);
        return reversed;
    }
}

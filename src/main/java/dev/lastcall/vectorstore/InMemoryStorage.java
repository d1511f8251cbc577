package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores on the heap, bounded in bytes; they end with the process. Everything but the computing of scores happens under one lock. */
final class InMemoryStorage implements VectorStorage {
    private static final String FULL = "lastcall.vector-store.memory";

    private final long limit;
    private final Map<String, Upload> files = new LinkedHashMap<>();
    private final Map<String, Kept> stores = new LinkedHashMap<>();
    private long bytes;
    private long serials;

    InMemoryStorage(long limit) {
        this.limit = limit;
    }

    private record Upload(String tenant, StoredFile file, String text) {}

    private static final class Kept {
        final String tenant;
        final Map<String, Attachment> files = new LinkedHashMap<>();
        VectorStore store;

        Kept(String tenant, VectorStore store) {
            this.tenant = tenant;
            this.store = store;
        }

        VectorStore view() {
            int[] counts = new int[3];
            long usage = 0;
            for (Attachment each : files.values()) {
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

        void touch() {
            store = new VectorStore(
                    store.id(),
                    store.name(),
                    store.metadata(),
                    store.model(),
                    store.createdAt(),
                    Instant.now(),
                    0,
                    FileCounts.NONE);
        }
    }

    private static final class Attachment {
        final long serial;
        final List<EmbeddedChunk> chunks = new ArrayList<>();
        AttachedFile file;
        boolean claimed;
        int epoch;
        FileVectors vectors = FileVectors.of(List.of());

        Attachment(long serial, AttachedFile file) {
            this.serial = serial;
            this.file = file;
        }

        void become(AttachedFile.Status status, @Nullable String error) {
            long usage = chunks.stream()
                    .mapToLong(
                            chunk -> 4L * chunk.vector().length + chunk.text().length())
                    .sum();
            file = new AttachedFile(
                    file.store(),
                    file.file(),
                    status,
                    file.attributes(),
                    file.chunking(),
                    usage,
                    file.createdAt(),
                    error);
            claimed = claimed && status == AttachedFile.Status.IN_PROGRESS;
        }
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public synchronized void addFile(String tenant, StoredFile file, String text, int most) {
        if (files(tenant).size() >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-files", most);
        }
        if (bytes + file.bytes() > limit) {
            throw VectorStoreRefusal.tooMany(FULL, (int) Math.min(Integer.MAX_VALUE, limit));
        }
        bytes += file.bytes();
        files.put(file.id(), new Upload(tenant, file, text));
    }

    @Override
    public synchronized List<StoredFile> files(String tenant) {
        return newestFirst(files.values().stream()
                .filter(each -> each.tenant().equals(tenant))
                .map(Upload::file)
                .toList());
    }

    private static <T> List<T> newestFirst(List<T> oldestFirst) {
        List<T> reversed = new ArrayList<>(oldestFirst);
        Collections.reverse(reversed);
        return reversed;
    }

    private Optional<Upload> upload(String tenant, String id) {
        return Optional.ofNullable(files.get(id)).filter(each -> each.tenant().equals(tenant));
    }

    private Optional<Kept> kept(String tenant, String id) {
        return Optional.ofNullable(stores.get(id)).filter(each -> each.tenant.equals(tenant));
    }

    @Override
    public synchronized Optional<StoredFile> file(String tenant, String id) {
        return upload(tenant, id).map(Upload::file);
    }

    @Override
    public synchronized Optional<String> text(String tenant, String id) {
        return upload(tenant, id).map(Upload::text);
    }

    @Override
    public synchronized boolean deleteFile(String tenant, String id) {
        Optional<Upload> found = upload(tenant, id);
        found.ifPresent(upload -> {
            files.remove(id);
            bytes -= upload.file().bytes();
            stores.values().forEach(store -> forget(store.files.remove(id)));
        });
        return found.isPresent();
    }

    private void forget(@Nullable Attachment gone) {
        if (gone != null) {
            bytes -= size(gone.chunks);
        }
    }

    private static long size(List<EmbeddedChunk> chunks) {
        return chunks.stream()
                .mapToLong(
                        chunk -> 8L * chunk.vector().length + 2L * chunk.text().length())
                .sum();
    }

    @Override
    public synchronized void addStore(String tenant, VectorStore store, int most) {
        if (stores(tenant).size() >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-stores", most);
        }
        stores.put(store.id(), new Kept(tenant, store));
    }

    @Override
    public synchronized List<VectorStore> stores(String tenant) {
        return newestFirst(stores.values().stream()
                .filter(each -> each.tenant.equals(tenant))
                .map(Kept::view)
                .toList());
    }

    @Override
    public synchronized Optional<VectorStore> store(String tenant, String id) {
        return kept(tenant, id).map(Kept::view);
    }

    @Override
    public synchronized boolean changeStore(
            String tenant, String id, Optional<String> name, Optional<JsonObject> metadata) {
        Optional<Kept> found = kept(tenant, id);
        found.ifPresent(each -> each.store = new VectorStore(
                id,
                name.orElse(each.store.name()),
                metadata.orElse(each.store.metadata()),
                each.store.model(),
                each.store.createdAt(),
                Instant.now(),
                0,
                FileCounts.NONE));
        return found.isPresent();
    }

    @Override
    public synchronized boolean deleteStore(String tenant, String id) {
        Optional<Kept> found = kept(tenant, id);
        found.ifPresent(store -> {
            store.files.values().forEach(this::forget);
            stores.remove(id);
        });
        return found.isPresent();
    }

    @Override
    public synchronized boolean attach(
            String tenant, String store, String file, JsonObject attributes, Chunking chunking) {
        Optional<Kept> found = kept(tenant, store);
        if (found.isEmpty() || upload(tenant, file).isEmpty()) {
            return false;
        }
        AttachedFile fresh = new AttachedFile(
                store, file, AttachedFile.Status.IN_PROGRESS, attributes, chunking, 0, Instant.now(), null);
        found.get().files.computeIfAbsent(file, id -> new Attachment(++serials, fresh));
        found.get().touch();
        return true;
    }

    @Override
    public synchronized List<AttachedFile> attached(String tenant, String store) {
        return kept(tenant, store)
                .map(each -> newestFirst(
                        each.files.values().stream().map(one -> one.file).toList()))
                .orElseGet(List::of);
    }

    private Optional<Attachment> attachment(String tenant, String store, String file) {
        return kept(tenant, store).map(each -> each.files.get(file));
    }

    @Override
    public synchronized boolean changeAttributes(String tenant, String store, String file, JsonObject attributes) {
        Optional<Attachment> found = attachment(tenant, store, file);
        found.ifPresent(each -> each.file = new AttachedFile(
                store,
                file,
                each.file.status(),
                attributes,
                each.file.chunking(),
                each.file.usage(),
                each.file.createdAt(),
                each.file.error()));
        return found.isPresent();
    }

    @Override
    public synchronized boolean detach(String tenant, String store, String file) {
        Attachment gone =
                kept(tenant, store).map(each -> each.files.remove(file)).orElse(null);
        forget(gone);
        return gone != null;
    }

    @Override
    public synchronized List<String> chunks(String tenant, String store, String file) {
        return attachment(tenant, store, file)
                .map(each -> each.chunks.stream().map(EmbeddedChunk::text).toList())
                .orElseGet(List::of);
    }

    @Override
    public List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most) {
        Map<Long, Attachment> whole = new HashMap<>();
        synchronized (this) {
            kept(tenant, store).ifPresent(each -> each.files.values().stream()
                    .filter(one -> one.file.status() == AttachedFile.Status.COMPLETED)
                    .filter(one -> filter.accepts(one.file.attributes()))
                    .forEach(one -> whole.put(one.serial, one)));
        }
        BestChunks best = new BestChunks(most);
        whole.forEach((serial, one) -> best.offer(serial, one.vectors, query));
        synchronized (this) {
            List<SearchHit> hits = new ArrayList<>();
            for (BestChunks.Found found : best.inOrder()) {
                Attachment one = whole.get(found.serial());
                Upload upload = one == null ? null : files.get(one.file.file());
                if (one != null && upload != null) {
                    hits.add(new SearchHit(
                            one.file.file(),
                            upload.file().filename(),
                            one.file.attributes(),
                            found.index(),
                            found.score(),
                            one.chunks.get(found.index()).text()));
                }
            }
            return hits;
        }
    }

    @Override
    public synchronized Optional<IngestClaim> claim(Duration lease) {
        for (Kept store : stores.values()) {
            for (Attachment each : store.files.values()) {
                Upload upload = files.get(each.file.file());
                if (upload != null && each.file.status() == AttachedFile.Status.IN_PROGRESS && !each.claimed) {
                    each.claimed = true;
                    each.epoch++;
                    return Optional.of(new IngestClaim(
                            each.file.store(),
                            each.file.file(),
                            each.serial,
                            each.epoch,
                            0,
                            each.chunks.size(),
                            each.file.chunking(),
                            store.store.model(),
                            upload.text()));
                }
            }
        }
        return Optional.empty();
    }

    private @Nullable Attachment ours(IngestClaim claim) {
        Kept store = stores.get(claim.store());
        Attachment found = store == null ? null : store.files.get(claim.file());
        boolean ours = found != null && found.serial == claim.serial() && found.epoch == claim.epoch();
        return ours ? found : null;
    }

    @Override
    public synchronized boolean append(
            IngestClaim claim, int from, List<EmbeddedChunk> chunks, int total, Duration lease) {
        Attachment found = ours(claim);
        if (found == null) {
            return false;
        }
        if (found.chunks.size() == from) {
            long more = size(chunks);
            if (bytes + more > limit) {
                found.become(AttachedFile.Status.FAILED, FULL + " = " + limit + " bytes is reached");
                return false;
            }
            bytes += more;
            found.chunks.addAll(chunks);
        }
        if (found.chunks.size() == total) {
            found.vectors = FileVectors.of(
                    found.chunks.stream().map(EmbeddedChunk::vector).toList());
            found.become(AttachedFile.Status.COMPLETED, null);
        } else {
            found.become(AttachedFile.Status.IN_PROGRESS, null);
        }
        return true;
    }

    @Override
    public synchronized boolean renew(IngestClaim claim, Duration lease) {
        return ours(claim) != null;
    }

    @Override
    public synchronized void fail(IngestClaim claim, String error) {
        Attachment found = ours(claim);
        if (found != null) {
            found.become(AttachedFile.Status.FAILED, error);
        }
    }

    @Override
    public synchronized void giveBack(IngestClaim claim) {
        Attachment found = ours(claim);
        if (found != null) {
            found.claimed = false;
        }
    }
}

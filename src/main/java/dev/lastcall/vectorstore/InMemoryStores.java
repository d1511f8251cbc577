package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores on the heap. A search computes its scores outside the monitor of the tables. */
record InMemoryStores(InMemoryTables tables) implements StoreStorage {
    @Override
    public void add(String tenant, VectorStore store, int most) {
        synchronized (tables) {
            if (list(tenant).size() >= most) {
                throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-stores", most);
            }
            tables.stores.put(store.id(), new InMemoryStore(tenant, store));
        }
    }

    @Override
    public List<VectorStore> list(String tenant) {
        synchronized (tables) {
            return InMemoryTables.newestFirst(tables.stores.values().stream()
                    .filter(each -> each.tenant.equals(tenant))
                    .map(InMemoryStore::view)
                    .toList());
        }
    }

    @Override
    public Optional<VectorStore> find(String tenant, String id) {
        synchronized (tables) {
            return tables.store(tenant, id).map(InMemoryStore::view);
        }
    }

    @Override
    public boolean change(String tenant, String id, Optional<String> name, Optional<JsonObject> metadata) {
        synchronized (tables) {
            Optional<InMemoryStore> found = tables.store(tenant, id);
            found.ifPresent(store -> store.change(name, metadata));
            return found.isPresent();
        }
    }

    @Override
    public boolean delete(String tenant, String id) {
        synchronized (tables) {
            Optional<InMemoryStore> found = tables.store(tenant, id);
            found.ifPresent(store -> {
                store.files.values().forEach(tables::forget);
                tables.stores.remove(id);
            });
            return found.isPresent();
        }
    }

    @Override
    public List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most) {
        Map<Long, InMemoryAttachment> whole = whole(tenant, store, filter);
        BestChunks best = new BestChunks(most);
        whole.forEach((serial, one) -> best.offer(serial, one.vectors, query));
        return hits(best, whole);
    }

    /** The files that are searched, by their serial. */
    private Map<Long, InMemoryAttachment> whole(String tenant, String store, AttributeFilter filter) {
        Map<Long, InMemoryAttachment> whole = new HashMap<>();
        synchronized (tables) {
            tables.store(tenant, store).ifPresent(each -> each.files.values().stream()
                    .filter(one -> one.file.status() == AttachedFile.Status.COMPLETED)
                    .filter(one -> filter.accepts(one.file.attributes()))
                    .forEach(one -> whole.put(one.serial, one)));
        }
        return whole;
    }

    private List<SearchHit> hits(BestChunks best, Map<Long, InMemoryAttachment> whole) {
        List<SearchHit> hits = new ArrayList<>();
        synchronized (tables) {
            for (BestChunks.Found found : best.inOrder()) {
                InMemoryAttachment one = whole.get(found.serial());
                InMemoryTables.Upload upload = one == null ? null : tables.files.get(one.file.file());
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
        }
        return hits;
    }
}

package dev.lastcall.vectorstore;

import java.util.List;
import java.util.Optional;

/** Uploaded files on the heap. */
record InMemoryFiles(InMemoryTables tables) implements FileStorage {
    @Override
    public void add(String tenant, StoredFile file, String text, int most) {
        synchronized (tables) {
            if (list(tenant).size() >= most) {
                throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-files", most);
            }
            if (!tables.take(file.bytes())) {
                throw VectorStoreRefusal.tooMany(
                        InMemoryTables.LIMIT, (int) Math.min(Integer.MAX_VALUE, tables.limit()));
            }
            tables.files.put(file.id(), new InMemoryTables.Upload(tenant, file, text));
        }
    }

    @Override
    public List<StoredFile> list(String tenant) {
        synchronized (tables) {
            return InMemoryTables.newestFirst(tables.files.values().stream()
                    .filter(each -> each.tenant().equals(tenant))
                    .map(InMemoryTables.Upload::file)
                    .toList());
        }
    }

    @Override
    public Optional<StoredFile> find(String tenant, String id) {
        synchronized (tables) {
            return tables.file(tenant, id).map(InMemoryTables.Upload::file);
        }
    }

    @Override
    public Optional<String> text(String tenant, String id) {
        synchronized (tables) {
            return tables.file(tenant, id).map(InMemoryTables.Upload::text);
        }
    }

    @Override
    public boolean delete(String tenant, String id) {
        synchronized (tables) {
            Optional<InMemoryTables.Upload> found = tables.file(tenant, id);
            found.ifPresent(upload -> {
                tables.files.remove(id);
                tables.free(upload.file().bytes());
                tables.stores.values().forEach(store -> tables.forget(store.files.remove(id)));
            });
            return found.isPresent();
        }
    }
}

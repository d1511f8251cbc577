package dev.lastcall.vectorstore;

/** Everything on the heap, bounded in bytes; it ends with the process. */
record InMemoryStorage(FileStorage files, StoreStorage stores, AttachmentStorage attachments, IngestQueue ingests)
        implements VectorStorage {
    /** @param limit in bytes */
    InMemoryStorage(long limit) {
        this(new InMemoryTables(limit));
    }

    private InMemoryStorage(InMemoryTables tables) {
        this(
                new InMemoryFiles(tables),
                new InMemoryStores(tables),
                new InMemoryAttachments(tables),
                new InMemoryIngestQueue(tables));
    }

    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public boolean durable() {
        return false;
    }
}

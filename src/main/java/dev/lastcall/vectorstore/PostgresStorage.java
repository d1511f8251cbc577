package dev.lastcall.vectorstore;

import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Everything in one PostgreSQL: each method of the parts is one statement that is a transaction of its own. */
final class PostgresStorage implements VectorStorage {
    private final DataSource source;
    private final FileStorage files;
    private final StoreStorage stores;
    private final AttachmentStorage attachments;
    private final IngestQueue ingests;
    private volatile @Nullable VectorExtension extension;

    PostgresStorage(DataSource source, long cacheBytes) {
        this.source = source;
        PostgresQueries queries = new PostgresQueries(source);
        files = new PostgresFiles(queries);
        stores = new PostgresStores(queries, new VectorCache(cacheBytes), this::extension);
        attachments = new PostgresAttachments(queries);
        ingests = new PostgresIngestQueue(queries, this::extension);
    }

    private Optional<VectorExtension> extension() {
        return Optional.ofNullable(extension);
    }

    @Override
    public void open() throws SQLException {
        extension = VectorExtension.of(source).orElse(null);
    }

    @Override
    public String kind() {
        return extension == null ? "postgresql" : "pgvector";
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public FileStorage files() {
        return files;
    }

    @Override
    public StoreStorage stores() {
        return stores;
    }

    @Override
    public AttachmentStorage attachments() {
        return attachments;
    }

    @Override
    public IngestQueue ingests() {
        return ingests;
    }
}

package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores in PostgreSQL, searched by pgvector where it is there. */
final class PostgresStores implements StoreStorage {
    private static final String STORES = """
            SELECT s.id, s.name, s.metadata, s.model, s.created_at, s.last_active_at, coalesce(sum(f.usage), 0),
                   count(*) FILTER (WHERE f.status = 0), count(*) FILTER (WHERE f.status = 1), count(*) FILTER (WHERE f.status = 2)
            FROM vector_stores s LEFT JOIN vector_store_files f ON f.store_id = s.id
            WHERE s.tenant = ? AND %s GROUP BY s.id ORDER BY s.created_at DESC, s.id DESC""";

    private final PostgresQueries queries;
    private final VectorCache cache;
    private final Supplier<Optional<VectorExtension>> extension;

    PostgresStores(PostgresQueries queries, VectorCache cache, Supplier<Optional<VectorExtension>> extension) {
        this.queries = queries;
        this.cache = cache;
        this.extension = extension;
    }

    @Override
    public void add(String tenant, VectorStore store, int most) throws SQLException {
        if (queries.count("SELECT count(*) FROM vector_stores WHERE tenant = ?", tenant) >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-stores", most);
        }
        queries.any(
                "INSERT INTO vector_stores (tenant, id, name, metadata, model, created_at, last_active_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                tenant,
                store.id(),
                store.name(),
                store.metadata().encode(),
                store.model(),
                store.createdAt().atOffset(ZoneOffset.UTC),
                store.createdAt().atOffset(ZoneOffset.UTC));
    }

    private static VectorStore vectorStore(ResultSet row) throws SQLException {
        return new VectorStore(
                row.getString(1),
                row.getString(2),
                new JsonObject(row.getString(3)),
                row.getString(4),
                PostgresQueries.instant(row, 5),
                PostgresQueries.instant(row, 6),
                row.getLong(7),
                new FileCounts(row.getInt(8), row.getInt(9), row.getInt(10)));
    }

    @Override
    public List<VectorStore> list(String tenant) throws SQLException {
        return queries.query(PostgresStores::vectorStore, STORES.formatted("true"), tenant);
    }

    @Override
    public Optional<VectorStore> find(String tenant, String id) throws SQLException {
        return queries.query(PostgresStores::vectorStore, STORES.formatted("s.id = ?"), tenant, id).stream()
                .findFirst();
    }

    @Override
    public boolean change(String tenant, String id, Optional<String> name, Optional<JsonObject> metadata)
            throws SQLException {
        return queries.any(
                "UPDATE vector_stores SET name = coalesce(?::text, name), metadata = coalesce(?::text, metadata),"
                        + " last_active_at = clock_timestamp() WHERE tenant = ? AND id = ? RETURNING id",
                name.orElse(null),
                metadata.map(JsonObject::encode).orElse(null),
                tenant,
                id);
    }

    @Override
    public boolean delete(String tenant, String id) throws SQLException {
        return queries.any("DELETE FROM vector_stores WHERE tenant = ? AND id = ? RETURNING id", tenant, id);
    }

    @Override
    public List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most)
            throws SQLException {
        try (Connection connection = queries.source().getConnection()) {
            return cache.search(connection, extension.get().orElse(null), tenant, store, query, filter, most);
        }
    }
}

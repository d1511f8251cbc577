package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stores in PostgreSQL, each method one statement that is a transaction of its own. The races it closes:
 *
 * <ul>
 *   <li>A pod that was stopped goes on after another has taken its file: a commit names the claim's epoch, and the row is locked by it.
 *   <li>A commit whose answer was lost is sent again: it finds that its chunks are there, and is told so.
 *   <li>A file is taken out while a pod embeds it: chunks refer to the attachment, which is gone with all that refers to it.
 * </ul>
 */
final class PostgresStorage implements VectorStorage {
    private static final String APPEND = """
            WITH f AS (UPDATE vector_store_files SET done = ?, usage = usage + ?, status = ?,
                         owner = CASE WHEN ? THEN NULL ELSE owner END,
                         lease_until = clock_timestamp() + ? * interval '1 millisecond'
                       WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0 AND done = ? RETURNING serial, store_id),
            i AS (INSERT INTO vector_chunks (serial, idx, content, embedding)
                  SELECT f.serial, c.idx, c.content, c.embedding
                  FROM f, unnest(?::int[], ?::text[], ?::bytea[]) c(idx, content, embedding)),
            s AS (UPDATE vector_stores s SET version = version + 1, last_active_at = clock_timestamp()
                  FROM f WHERE s.id = f.store_id AND ?)
            SELECT serial FROM f""";
    private static final String CLAIM = """
            WITH q AS (SELECT serial, owner FROM vector_store_files
                       WHERE status = 0 AND (owner IS NULL OR lease_until < clock_timestamp())
                       ORDER BY serial LIMIT 1 FOR UPDATE SKIP LOCKED),
            u AS (UPDATE vector_store_files f SET owner = ?, epoch = f.epoch + 1,
                    losses = f.losses + CASE WHEN q.owner IS NULL THEN 0 ELSE 1 END,
                    lease_until = clock_timestamp() + ? * interval '1 millisecond'
                  FROM q WHERE f.serial = q.serial RETURNING f.*)
            SELECT u.store_id, u.file_id, u.serial, u.epoch, u.losses, u.done, u.chunk_size, u.chunk_overlap, s.model, v.content
            FROM u JOIN vector_stores s ON s.id = u.store_id JOIN vector_files v ON v.id = u.file_id""";
    private static final String STORES = """
            SELECT s.id, s.name, s.metadata, s.model, s.created_at, s.last_active_at, coalesce(sum(f.usage), 0),
                   count(*) FILTER (WHERE f.status = 0), count(*) FILTER (WHERE f.status = 1), count(*) FILTER (WHERE f.status = 2)
            FROM vector_stores s LEFT JOIN vector_store_files f ON f.store_id = s.id
            WHERE s.tenant = ? AND (?::text IS NULL OR s.id = ?) GROUP BY s.id ORDER BY s.created_at DESC, s.id DESC""";
    private static final String ATTACHED = """
            SELECT f.file_id, f.status, f.attributes, f.chunk_size, f.chunk_overlap, f.usage, f.created_at, f.error
            FROM vector_store_files f JOIN vector_stores s ON s.id = f.store_id
            WHERE s.tenant = ? AND f.store_id = ? ORDER BY f.serial DESC""";
    private static final String ATTACH = """
            WITH t AS (UPDATE vector_stores SET last_active_at = clock_timestamp() WHERE tenant = ? AND id = ? RETURNING id),
            v AS (SELECT id FROM vector_files WHERE tenant = ? AND id = ?),
            i AS (INSERT INTO vector_store_files (store_id, file_id, attributes, chunk_size, chunk_overlap)
                  SELECT t.id, v.id, ?, ?, ? FROM t, v ON CONFLICT DO NOTHING)
            SELECT v.id FROM t, v""";
    private static final String FILES =
            "SELECT id, filename, purpose, bytes, created_at FROM vector_files WHERE tenant = ?";

    private final DataSource source;
    private final VectorCache cache;
    private volatile @Nullable VectorExtension extension;
    /** Of this process: another one of the same pod is another owner. */
    private final long owner = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    PostgresStorage(DataSource source, long cacheBytes) {
        this.source = source;
        cache = new VectorCache(cacheBytes);
    }

    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(Row<T> read, String sql, @Nullable Object... values) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return query(connection, read, sql, values);
        }
    }

    static <T> List<T> query(Connection connection, Row<T> read, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                // PostgreSQL keeps no NUL in a text: such an id is nobody's, and no reason to call the database
                // unreachable.
                statement.setObject(i + 1, values[i] instanceof String text ? text.replace('\0', '\uFFFD') : values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(read.of(rows));
                }
                return found;
            }
        }
    }

    /** Whether a statement with RETURNING, or a SELECT, has a row. */
    private boolean any(String sql, @Nullable Object... values) throws SQLException {
        return !query(row -> true, sql, values).isEmpty();
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
    public void addFile(String tenant, StoredFile file, String text, int most) throws SQLException {
        if (count("SELECT count(*) FROM vector_files WHERE tenant = ?", tenant) >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-files", most);
        }
        // An insert whose answer was lost is sent again.
        any(
                "INSERT INTO vector_files (tenant, id, filename, purpose, bytes, content, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                tenant,
                file.id(),
                file.filename(),
                file.purpose(),
                file.bytes(),
                text,
                file.createdAt().atOffset(ZoneOffset.UTC));
    }

    private long count(String sql, String tenant) throws SQLException {
        return query(row -> row.getLong(1), sql, tenant).get(0);
    }

    private static StoredFile storedFile(ResultSet row) throws SQLException {
        return new StoredFile(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), instant(row, 5));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public List<StoredFile> files(String tenant) throws SQLException {
        return query(PostgresStorage::storedFile, FILES + " ORDER BY created_at DESC, id DESC", tenant);
    }

    @Override
    public Optional<StoredFile> file(String tenant, String id) throws SQLException {
        return query(PostgresStorage::storedFile, FILES + " AND id = ?", tenant, id).stream()
                .findFirst();
    }

    @Override
    public Optional<String> text(String tenant, String id) throws SQLException {
        return query(
                        row -> row.getString(1),
                        "SELECT content FROM vector_files WHERE tenant = ? AND id = ?",
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public boolean deleteFile(String tenant, String id) throws SQLException {
        return any(
                "WITH d AS (DELETE FROM vector_files WHERE tenant = ? AND id = ? RETURNING id),"
                        + " s AS (UPDATE vector_stores s SET version = version + 1 FROM vector_store_files f, d"
                        + " WHERE f.file_id = d.id AND s.id = f.store_id) SELECT id FROM d",
                tenant,
                id);
    }

    @Override
    public void addStore(String tenant, VectorStore store, int most) throws SQLException {
        if (count("SELECT count(*) FROM vector_stores WHERE tenant = ?", tenant) >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-stores", most);
        }
        any(
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
                instant(row, 5),
                instant(row, 6),
                row.getLong(7),
                new FileCounts(row.getInt(8), row.getInt(9), row.getInt(10)));
    }

    @Override
    public List<VectorStore> stores(String tenant) throws SQLException {
        return query(PostgresStorage::vectorStore, STORES.replace("(?::text IS NULL OR s.id = ?)", "true"), tenant);
    }

    @Override
    public Optional<VectorStore> store(String tenant, String id) throws SQLException {
        return query(
                        PostgresStorage::vectorStore,
                        STORES.replace("(?::text IS NULL OR s.id = ?)", "s.id = ?"),
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public boolean changeStore(String tenant, String id, Optional<String> name, Optional<JsonObject> metadata)
            throws SQLException {
        return any(
                "UPDATE vector_stores SET name = coalesce(?::text, name), metadata = coalesce(?::text, metadata),"
                        + " last_active_at = clock_timestamp() WHERE tenant = ? AND id = ? RETURNING id",
                name.orElse(null),
                metadata.map(JsonObject::encode).orElse(null),
                tenant,
                id);
    }

    @Override
    public boolean deleteStore(String tenant, String id) throws SQLException {
        return any("DELETE FROM vector_stores WHERE tenant = ? AND id = ? RETURNING id", tenant, id);
    }

    @Override
    public boolean attach(String tenant, String store, String file, JsonObject attributes, Chunking chunking)
            throws SQLException {
        return any(ATTACH, tenant, store, tenant, file, attributes.encode(), chunking.size(), chunking.overlap());
    }

    @Override
    public List<AttachedFile> attached(String tenant, String store) throws SQLException {
        return query(
                row -> new AttachedFile(
                        store,
                        row.getString(1),
                        AttachedFile.Status.of(row.getInt(2)),
                        new JsonObject(row.getString(3)),
                        new Chunking(row.getInt(4), row.getInt(5)),
                        row.getLong(6),
                        instant(row, 7),
                        row.getString(8)),
                ATTACHED,
                tenant,
                store);
    }

    @Override
    public boolean changeAttributes(String tenant, String store, String file, JsonObject attributes)
            throws SQLException {
        return any(
                "WITH s AS (UPDATE vector_stores SET version = version + 1 WHERE tenant = ? AND id = ? RETURNING id)"
                        + " UPDATE vector_store_files f SET attributes = ? FROM s WHERE f.store_id = s.id AND f.file_id = ?"
                        + " RETURNING f.serial",
                tenant,
                store,
                attributes.encode(),
                file);
    }

    @Override
    public boolean detach(String tenant, String store, String file) throws SQLException {
        return any(
                "WITH s AS (UPDATE vector_stores SET version = version + 1 WHERE tenant = ? AND id = ? RETURNING id)"
                        + " DELETE FROM vector_store_files f USING s WHERE f.store_id = s.id AND f.file_id = ? RETURNING f.serial",
                tenant,
                store,
                file);
    }

    @Override
    public List<String> chunks(String tenant, String store, String file) throws SQLException {
        return query(
                row -> row.getString(1),
                "SELECT c.content FROM vector_stores s JOIN vector_store_files f ON f.store_id = s.id"
                        + " JOIN vector_chunks c ON c.serial = f.serial"
                        + " WHERE s.tenant = ? AND s.id = ? AND f.file_id = ? ORDER BY c.idx",
                tenant,
                store,
                file);
    }

    @Override
    public List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most)
            throws SQLException {
        try (Connection connection = source.getConnection()) {
            return cache.search(connection, extension, tenant, store, query, filter, most);
        }
    }

    @Override
    public Optional<IngestClaim> claim(Duration lease) throws SQLException {
        return query(
                        row -> new IngestClaim(
                                row.getString(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getInt(4),
                                row.getInt(5),
                                row.getInt(6),
                                new Chunking(row.getInt(7), row.getInt(8)),
                                row.getString(9),
                                row.getString(10)),
                        CLAIM,
                        owner,
                        lease.toMillis())
                .stream()
                .findFirst();
    }

    @Override
    public boolean append(IngestClaim claim, int from, List<EmbeddedChunk> chunks, int total, Duration lease)
            throws SQLException {
        int done = from + chunks.size();
        boolean last = done == total;
        VectorExtension near = extension;
        if (near != null) {
            near.expect(chunks.get(0).vector().length);
        }
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(near == null ? APPEND : near.alsoIn(APPEND))) {
            Object[] indices = chunks.stream().map(EmbeddedChunk::index).toArray();
            Object[] texts = chunks.stream().map(EmbeddedChunk::text).toArray();
            byte[][] vectors = chunks.stream()
                    .map(chunk -> FileVectors.bytes(chunk.vector()))
                    .toArray(byte[][]::new);
            statement.setInt(1, done);
            statement.setLong(2, usage(chunks));
            statement.setShort(3, (last ? AttachedFile.Status.COMPLETED : AttachedFile.Status.IN_PROGRESS).code());
            statement.setBoolean(4, last);
            statement.setLong(5, lease.toMillis());
            statement.setLong(6, claim.serial());
            statement.setLong(7, owner);
            statement.setInt(8, claim.epoch());
            statement.setInt(9, from);
            statement.setArray(10, connection.createArrayOf("int4", indices));
            statement.setArray(11, connection.createArrayOf("text", texts));
            statement.setArray(12, connection.createArrayOf("bytea", vectors));
            int next = 13;
            if (near != null) {
                Object[] literals = chunks.stream()
                        .map(chunk -> VectorExtension.literal(chunk.vector()))
                        .toArray();
                statement.setArray(next++, connection.createArrayOf("text", literals));
            }
            statement.setBoolean(next, last);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() || isDone(connection, claim, done);
            }
        }
    }

    /** Whether it was this very commit, sent before, that moved the row on. */
    private static boolean isDone(Connection connection, IngestClaim claim, int done) throws SQLException {
        return !query(
                        connection,
                        row -> true,
                        "SELECT 1 FROM vector_store_files WHERE serial = ? AND epoch = ? AND done = ?",
                        claim.serial(),
                        claim.epoch(),
                        done)
                .isEmpty();
    }

    private static long usage(List<EmbeddedChunk> chunks) {
        return chunks.stream()
                .mapToLong(chunk -> 4L * chunk.vector().length + chunk.text().length())
                .sum();
    }

    @Override
    public boolean renew(IngestClaim claim, Duration lease) throws SQLException {
        return any(
                "UPDATE vector_store_files SET lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                        + " WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0 RETURNING serial",
                lease.toMillis(),
                claim.serial(),
                owner,
                claim.epoch());
    }

    @Override
    public void fail(IngestClaim claim, String error) throws SQLException {
        any(
                "UPDATE vector_store_files SET status = 2, owner = NULL, error = ?"
                        + " WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0 RETURNING serial",
                error,
                claim.serial(),
                owner,
                claim.epoch());
    }

    @Override
    public void giveBack(IngestClaim claim) throws SQLException {
        any(
                "UPDATE vector_store_files SET owner = NULL WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0"
                        + " RETURNING serial",
                claim.serial(),
                owner,
                claim.epoch());
    }
}

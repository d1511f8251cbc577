package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.List;

/**
 * Attached files in PostgreSQL. A file may be taken out while a pod embeds it: chunks refer to the attachment, which is gone with all that
 * refers to it.
 */
record PostgresAttachments(PostgresQueries queries) implements AttachmentStorage {
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

    @Override
    public boolean attach(String tenant, String store, String file, JsonObject attributes, Chunking chunking)
            throws SQLException {
        return queries.any(
                ATTACH, tenant, store, tenant, file, attributes.encode(), chunking.size(), chunking.overlap());
    }

    @Override
    public List<AttachedFile> list(String tenant, String store) throws SQLException {
        return queries.query(
                row -> new AttachedFile(
                        store,
                        row.getString(1),
                        AttachedFile.Status.of(row.getInt(2)),
                        new JsonObject(row.getString(3)),
                        new Chunking(row.getInt(4), row.getInt(5)),
                        row.getLong(6),
                        PostgresQueries.instant(row, 7),
                        row.getString(8)),
                ATTACHED,
                tenant,
                store);
    }

    @Override
    public boolean changeAttributes(String tenant, String store, String file, JsonObject attributes)
            throws SQLException {
        return queries.any(
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
        return queries.any(
                "WITH s AS (UPDATE vector_stores SET version = version + 1 WHERE tenant = ? AND id = ? RETURNING id)"
                        + " DELETE FROM vector_store_files f USING s WHERE f.store_id = s.id AND f.file_id = ? RETURNING f.serial",
                tenant,
                store,
                file);
    }

    @Override
    public List<String> chunks(String tenant, String store, String file) throws SQLException {
        return queries.query(
                row -> row.getString(1),
                "SELECT c.content FROM vector_stores s JOIN vector_store_files f ON f.store_id = s.id"
                        + " JOIN vector_chunks c ON c.serial = f.serial"
                        + " WHERE s.tenant = ? AND s.id = ? AND f.file_id = ? ORDER BY c.idx",
                tenant,
                store,
                file);
    }
}

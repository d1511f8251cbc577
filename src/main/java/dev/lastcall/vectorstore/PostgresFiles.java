package dev.lastcall.vectorstore;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Uploaded files in PostgreSQL. */
record PostgresFiles(PostgresQueries queries) implements FileStorage {
    private static final String FILES =
            "SELECT id, filename, purpose, bytes, created_at FROM vector_files WHERE tenant = ?";

    @Override
    public void add(String tenant, StoredFile file, String text, int most) throws SQLException {
        if (queries.count("SELECT count(*) FROM vector_files WHERE tenant = ?", tenant) >= most) {
            throw VectorStoreRefusal.tooMany("lastcall.vector-store.max-files", most);
        }
        // An insert whose answer was lost is sent again.
        queries.any(
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

    private static StoredFile storedFile(ResultSet row) throws SQLException {
        return new StoredFile(
                row.getString(1), row.getString(2), row.getString(3), row.getLong(4), PostgresQueries.instant(row, 5));
    }

    @Override
    public List<StoredFile> list(String tenant) throws SQLException {
        return queries.query(PostgresFiles::storedFile, FILES + " ORDER BY created_at DESC, id DESC", tenant);
    }

    @Override
    public Optional<StoredFile> find(String tenant, String id) throws SQLException {
        return queries.query(PostgresFiles::storedFile, FILES + " AND id = ?", tenant, id).stream()
                .findFirst();
    }

    @Override
    public Optional<String> text(String tenant, String id) throws SQLException {
        return queries
                .query(
                        row -> row.getString(1),
                        "SELECT content FROM vector_files WHERE tenant = ? AND id = ?",
                        tenant,
                        id)
                .stream()
                .findFirst();
    }

    @Override
    public boolean delete(String tenant, String id) throws SQLException {
        return queries.any(
                "WITH d AS (DELETE FROM vector_files WHERE tenant = ? AND id = ? RETURNING id),"
                        + " s AS (UPDATE vector_stores s SET version = version + 1 FROM vector_store_files f, d"
                        + " WHERE f.file_id = d.id AND s.id = f.store_id) SELECT id FROM d",
                tenant,
                id);
    }
}

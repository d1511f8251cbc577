package dev.lastcall.vectorstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Files to be embedded, in PostgreSQL. The races it closes:
 *
 * <ul>
 *   <li>A pod that was stopped goes on after another has taken its file: a commit names the claim's epoch, and the row is locked by it.
 *   <li>A commit whose answer was lost is sent again: it finds that its chunks are there, and is told so.
 * </ul>
 */
final class PostgresIngestQueue implements IngestQueue {
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

    private final PostgresQueries queries;
    private final Supplier<Optional<VectorExtension>> extension;
    /** The owner's number of this process: another process of the same pod is another owner. */
    private final long owner = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    PostgresIngestQueue(PostgresQueries queries, Supplier<Optional<VectorExtension>> extension) {
        this.queries = queries;
        this.extension = extension;
    }

    @Override
    public Optional<IngestClaim> claim(Duration lease) throws SQLException {
        return queries
                .query(
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
        VectorExtension near = extension.get().orElse(null);
        if (near != null) {
            near.expect(chunks.get(0).vector().length);
        }
        try (Connection connection = queries.source().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(near == null ? APPEND : near.alsoIn(APPEND))) {
            Object[] indices = chunks.stream().map(EmbeddedChunk::index).toArray();
            Object[] texts = chunks.stream().map(EmbeddedChunk::text).toArray();
            byte[][] vectors = chunks.stream()
                    .map(chunk -> FileVectors.bytes(chunk.vector()))
                    .toArray(byte[][]::new);
            statement.setInt(1, done);
            statement.setLong(2, EmbeddedChunk.usage(chunks));
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
        return !PostgresQueries.query(
                        connection,
                        row -> true,
                        "SELECT 1 FROM vector_store_files WHERE serial = ? AND epoch = ? AND done = ?",
                        claim.serial(),
                        claim.epoch(),
                        done)
                .isEmpty();
    }

    @Override
    public boolean renew(IngestClaim claim, Duration lease) throws SQLException {
        return queries.any(
                "UPDATE vector_store_files SET lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                        + " WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0 RETURNING serial",
                lease.toMillis(),
                claim.serial(),
                owner,
                claim.epoch());
    }

    @Override
    public void fail(IngestClaim claim, String error) throws SQLException {
        queries.any(
                "UPDATE vector_store_files SET status = 2, owner = NULL, error = ?"
                        + " WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0 RETURNING serial",
                error,
                claim.serial(),
                owner,
                claim.epoch());
    }

    @Override
    public void giveBack(IngestClaim claim) throws SQLException {
        queries.any(
                "UPDATE vector_store_files SET owner = NULL WHERE serial = ? AND owner = ? AND epoch = ? AND status = 0"
                        + " RETURNING serial",
                claim.serial(),
                owner,
                claim.epoch());
    }
}

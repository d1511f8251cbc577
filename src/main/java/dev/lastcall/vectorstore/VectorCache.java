package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exact search in stores of a PostgreSQL that has no vectors of its own: the vectors of the stores that were searched last are kept on the heap,
 * bounded in bytes, and compared here. Each search asks for the store's version and reads what has come since; a store that does not fit is
 * read through, chunk by chunk. Thread-safe.
 */
final class VectorCache {
    private static final int FETCH = 2000;
    /** Fewer chunks are compared here, which is exact and takes no longer. */
    private static final int FEW = 10_000;

    private static final String VERSION = "SELECT version FROM vector_stores WHERE tenant = ? AND id = ?";
    private static final String FILES = """
            SELECT f.serial, f.file_id, f.attributes, v.filename, f.done
            FROM vector_store_files f JOIN vector_files v ON v.id = f.file_id WHERE f.store_id = ? AND f.status = 1""";
    private static final String VECTORS =
            "SELECT serial, embedding FROM vector_chunks WHERE serial = ANY (?) ORDER BY serial, idx";
    private static final String TEXTS = """
            SELECT c.serial, c.idx, c.content FROM unnest(?::bigint[], ?::int[]) h(serial, idx)
            JOIN vector_chunks c ON c.serial = h.serial AND c.idx = h.idx""";

    private final long limit;
    /** The one that was used longest ago first. */
    private final Map<String, Index> stores = new LinkedHashMap<>(16, 0.75f, true);

    VectorCache(long limit) {
        this.limit = limit;
    }

    private record FileEntry(String file, String filename, JsonObject attributes, int chunks) {}

    /** A store's files at a version; vectors are null where they do not fit. */
    private record Index(
            long version,
            Map<Long, FileEntry> files,
            @Nullable Map<Long, FileVectors> vectors) {
        long bytes() {
            return vectors == null
                    ? 0
                    : vectors.values().stream().mapToLong(FileVectors::bytes).sum();
        }
    }

    /** @param extension pgvector; null: there is none */
    List<SearchHit> search(
            Connection connection,
            @Nullable VectorExtension extension,
            String tenant,
            String store,
            float[] query,
            AttributeFilter filter,
            int most)
            throws SQLException {
        List<Long> version = PostgresQueries.query(connection, row -> row.getLong(1), VERSION, tenant, store);
        if (version.isEmpty()) {
            return List.of();
        }
        Index index = index(connection, store, version.get(0), query.length, extension != null && extension.isReady());
        List<Long> wanted = new ArrayList<>();
        int there = 0;
        for (Map.Entry<Long, FileEntry> file : index.files().entrySet()) {
            if (filter.accepts(file.getValue().attributes())) {
                wanted.add(file.getKey());
                there += file.getValue().chunks();
            }
        }
        Map<Long, FileVectors> vectors = index.vectors();
        if (extension != null && extension.isReady() && vectors == null) {
            List<BestChunks.Found> found = there > FEW ? extension.nearest(connection, wanted, query, most) : List.of();
            if (found.size() == most) {
                return hits(connection, index.files(), found);
            }
        }
        BestChunks best = new BestChunks(most);
        if (vectors == null) {
            readThrough(connection, wanted, query, best);
        } else {
            wanted.forEach(
                    serial -> best.offer(serial, vectors.getOrDefault(serial, FileVectors.of(List.of())), query));
        }
        return hits(connection, index.files(), best.inOrder());
    }

    /** @param near whether many vectors are compared by the database */
    private Index index(Connection connection, String store, long version, int dimensions, boolean near)
            throws SQLException {
        Index known;
        synchronized (this) {
            known = stores.get(store);
        }
        if (known != null && known.version() == version) {
            return known;
        }
        // What is read now may be newer than the version; the next search then reads it once more.
        Map<Long, FileEntry> files = new HashMap<>();
        PostgresQueries.query(
                connection,
                row -> files.put(
                        row.getLong(1),
                        new FileEntry(
                                row.getString(2), row.getString(4), new JsonObject(row.getString(3)), row.getInt(5))),
                FILES,
                store);
        long chunks = files.values().stream().mapToLong(FileEntry::chunks).sum();
        boolean elsewhere = (near && chunks > FEW) || chunks * 4L * dimensions > limit;
        Index fresh = new Index(
                version, files, elsewhere ? null : vectors(connection, files, known == null ? null : known.vectors()));
        keep(store, fresh);
        return fresh;
    }

    private synchronized void keep(String store, Index fresh) {
        stores.put(store, fresh);
        long bytes = stores.values().stream().mapToLong(Index::bytes).sum();
        var oldest = stores.entrySet().iterator();
        while (bytes > limit && oldest.hasNext()) {
            Map.Entry<String, Index> gone = oldest.next();
            if (!gone.getKey().equals(store)) {
                bytes -= gone.getValue().bytes();
                oldest.remove();
            }
        }
    }

    private static Map<Long, FileVectors> vectors(
            Connection connection, Map<Long, FileEntry> files, @Nullable Map<Long, FileVectors> known)
            throws SQLException {
        Map<Long, FileVectors> vectors = new HashMap<>();
        List<Long> missing = new ArrayList<>();
        for (Long serial : files.keySet()) {
            FileVectors same = known == null ? null : known.get(serial);
            if (same == null) {
                missing.add(serial);
            } else {
                vectors.put(serial, same);
            }
        }
        Map<Long, List<float[]>> read = new HashMap<>();
        if (!missing.isEmpty()) {
            each(connection, missing, (serial, vector) -> read.computeIfAbsent(serial, first -> new ArrayList<>())
                    .add(vector));
        }
        read.forEach((serial, rows) -> vectors.put(serial, FileVectors.of(rows)));
        return vectors;
    }

    private static void readThrough(Connection connection, List<Long> serials, float[] query, BestChunks best)
            throws SQLException {
        Map<Long, Integer> next = new HashMap<>();
        each(connection, serials, (serial, vector) -> {
            int index = next.merge(serial, 1, Integer::sum) - 1;
            if (vector.length == query.length) {
                best.offer(serial, index, new FileVectors(vector, vector.length).score(query, 0));
            }
        });
    }

    @FunctionalInterface
    private interface Vectors {
        void accept(long serial, float[] vector);
    }

    private static void each(Connection connection, List<Long> serials, Vectors reader) throws SQLException {
        // A cursor needs a transaction; this one holds no lock that anybody waits for.
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(VECTORS)) {
            statement.setFetchSize(FETCH);
            statement.setArray(1, connection.createArrayOf("int8", serials.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.accept(rows.getLong(1), FileVectors.vector(rows.getBytes(2)));
                }
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static List<SearchHit> hits(Connection connection, Map<Long, FileEntry> files, List<BestChunks.Found> best)
            throws SQLException {
        Map<List<Long>, String> texts = new HashMap<>();
        PostgresQueries.query(
                connection,
                row -> texts.put(List.of(row.getLong(1), row.getLong(2)), row.getString(3)),
                TEXTS,
                connection.createArrayOf(
                        "int8", best.stream().map(BestChunks.Found::serial).toArray()),
                connection.createArrayOf(
                        "int4", best.stream().map(BestChunks.Found::index).toArray()));
        List<SearchHit> hits = new ArrayList<>();
        for (BestChunks.Found found : best) {
            FileEntry file = files.get(found.serial());
            // Gone meanwhile where there is no text.
            String text = texts.get(List.of(found.serial(), (long) found.index()));
            if (file != null && text != null) {
                hits.add(new SearchHit(
                        file.file(), file.filename(), file.attributes(), found.index(), found.score(), text));
            }
        }
        return hits;
    }
}

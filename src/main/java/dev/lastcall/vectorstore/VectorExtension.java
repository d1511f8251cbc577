package dev.lastcall.vectorstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * pgvector, where the database has it: a column beside the one that every PostgreSQL can hold, and an HNSW index for each number of
 * dimensions. Of 0.8 or later, whose scans go on until a store has given enough: an older one would find too little in one store among many.
 * Thread-safe.
 */
final class VectorExtension {
    private static final Logger LOG = Logger.getLogger(VectorExtension.class);
    private static final String SCHEMA =
            "SELECT n.nspname, e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'";
    private static final String AVAILABLE = "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'";
    private static final String COLUMN =
            "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('vector_chunks') AND attname = 'near' AND NOT attisdropped";
    private static final String WITHOUT =
            "SELECT serial, idx, embedding FROM vector_chunks WHERE near IS NULL ORDER BY serial, idx LIMIT 500";
    /** The most dimensions that an index of pgvector can have. */
    private static final int MOST_DIMENSIONS = 2000;

    private static final int CANDIDATES = 100;

    private final DataSource source;
    private final String type;
    private final String operator;
    private final String operators;
    private final Set<Integer> indexed = ConcurrentHashMap.newKeySet();
    private final Executor builder;
    private volatile boolean ready;

    private VectorExtension(DataSource source, String schema) {
        this.source = source;
        String quoted = '"' + schema.replace("\"", "\"\"") + '"';
        type = quoted + ".vector";
        operator = "OPERATOR(" + quoted + ".<=>)";
        operators = quoted + ".vector_cosine_ops";
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "lastcall-vector-index");
                    made.setDaemon(true);
                    return made;
                });
        one.allowCoreThreadTimeOut(true);
        builder = one;
    }

    /** Finds the extension, makes it where this user may, and begins to fill its column; empty where exact search has to do. */
    static Optional<VectorExtension> of(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            List<Installed> found = installed(connection);
            if (found.isEmpty()
                    && !PostgresQueries.query(connection, row -> 1, AVAILABLE).isEmpty()) {
                execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
                found = installed(connection);
            }
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (!isNewEnough(found.get(0).version())) {
                LOG.infof(
                        "pgvector %s is not used (expected: 0.8 or later); search is exact",
                        found.get(0).version());
                return Optional.empty();
            }
            VectorExtension extension = new VectorExtension(source, found.get(0).schema());
            if (PostgresQueries.query(connection, row -> 1, COLUMN).isEmpty()) {
                execute(connection, "ALTER TABLE vector_chunks ADD COLUMN IF NOT EXISTS near " + extension.type);
            }
            extension.builder.execute(extension::fill);
            return Optional.of(extension);
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (state.startsWith("42")) {
                LOG.infof(
                        "pgvector is not used: %s (expected: made by its superuser, and the tables owned by this user);"
                                + " search is exact",
                        e.getMessage());
                return Optional.empty();
            }
            throw e;
        }
    }

    private record Installed(String schema, String version) {}

    private static List<Installed> installed(Connection connection) throws SQLException {
        return PostgresQueries.query(connection, row -> new Installed(row.getString(1), row.getString(2)), SCHEMA);
    }

    static boolean isNewEnough(String version) {
        String[] parts = version.split("[^0-9]+", 3);
        int major = Integer.parseInt(parts[0]);
        return major > 0 || (parts.length > 1 && Integer.parseInt(parts[1]) >= 8);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Gives chunks of earlier times their vector and builds the indexes; until then search is exact. */
    private void fill() {
        try (Connection connection = source.getConnection()) {
            while (fillSome(connection) > 0) {
                LOG.debug("vectors of earlier chunks are given to pgvector");
            }
            for (int dimensions : PostgresQueries.query(
                    connection, row -> row.getInt(1), "SELECT DISTINCT length(embedding) / 4 FROM vector_chunks")) {
                index(connection, dimensions);
            }
            ready = true;
        } catch (SQLException e) {
            LOG.warnf("pgvector is not used by this process: %s; search is exact", e.getMessage());
        }
    }

    private int fillSome(Connection connection) throws SQLException {
        List<Object> serials = new ArrayList<>();
        List<Object> indices = new ArrayList<>();
        List<Object> vectors = new ArrayList<>();
        PostgresQueries.query(
                connection,
                row -> serials.add(row.getLong(1))
                        && indices.add(row.getInt(2))
                        && vectors.add(literal(FileVectors.vector(row.getBytes(3)))),
                WITHOUT);
        if (!serials.isEmpty()) {
            PostgresQueries.query(
                    connection,
                    row -> 1,
                    "UPDATE vector_chunks c SET near = u.near::" + type
                            + " FROM unnest(?::bigint[], ?::int[], ?::text[]) u(serial, idx, near)"
                            + " WHERE c.serial = u.serial AND c.idx = u.idx RETURNING 1",
                    connection.createArrayOf("int8", serials.toArray()),
                    connection.createArrayOf("int4", indices.toArray()),
                    connection.createArrayOf("text", vectors.toArray()));
        }
        return serials.size();
    }

    private void index(Connection connection, int dimensions) throws SQLException {
        if (dimensions <= MOST_DIMENSIONS && indexed.add(dimensions)) {
            execute(
                    connection,
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS vector_chunks_near_" + dimensions
                            + " ON vector_chunks USING hnsw ((near::" + type + "(" + dimensions + ")) " + operators
                            + ") WHERE octet_length(embedding) = " + 4 * dimensions);
        }
    }

    /** Chunks of so many dimensions are about to come. */
    void expect(int dimensions) {
        if (!indexed.contains(dimensions)) {
            builder.execute(() -> {
                try (Connection connection = source.getConnection()) {
                    index(connection, dimensions);
                } catch (SQLException e) {
                    // Another pod has made it, or the next start will; without it the search is slow and right.
                    LOG.debug("index not made", e);
                }
            });
        }
    }

    /** Whether every chunk has its vector. */
    boolean isReady() {
        return ready;
    }

    /** The commit of chunks with this column too, whose values are one parameter more. */
    String alsoIn(String append) {
        return append.replace("(serial, idx, content, embedding)", "(serial, idx, content, embedding, near)")
                .replace("c.content, c.embedding\n", "c.content, c.embedding, c.near::" + type + "\n")
                .replace(
                        "?::bytea[]) c(idx, content, embedding)",
                        "?::bytea[], ?::text[]) c(idx, content, embedding, near)");
    }

    static String literal(float[] vector) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < vector.length; i++) {
            text.append(i == 0 ? "" : ",").append(vector[i]);
        }
        return text.append(']').toString();
    }

    /** The nearest chunks of these attachments, by the index; fewer than asked for where it gave up. */
    List<BestChunks.Found> nearest(Connection connection, List<Long> serials, float[] query, int most)
            throws SQLException {
        String near = "near::" + type + "(" + query.length + ") " + operator + " ?::" + type + "(" + query.length + ")";
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement("SELECT serial, idx, 1 - (" + near
                + ") FROM vector_chunks WHERE octet_length(embedding) = " + 4 * query.length
                + " AND serial = ANY (?) ORDER BY " + near + " LIMIT ?")) {
            execute(
                    connection,
                    "SET LOCAL hnsw.iterative_scan = 'strict_order'; SET LOCAL hnsw.ef_search = "
                            + Math.max(CANDIDATES, 2 * most) + "; SET LOCAL enable_sort = off");
            statement.setObject(1, literal(query), Types.OTHER);
            statement.setArray(2, connection.createArrayOf("int8", serials.toArray()));
            statement.setObject(3, literal(query), Types.OTHER);
            statement.setInt(4, most);
            List<BestChunks.Found> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new BestChunks.Found(row.getLong(1), row.getInt(2), row.getDouble(3)));
                }
            }
            return found;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}

package dev.lastcall.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Past drains in PostgreSQL. Blocking: a server that falls silent is given up after {@link #SILENCE}, whereupon its connection is broken and
 * the pool opens another. A drain that is saved twice is there once. Thread-safe.
 */
final class Archive {
    /** Below the release step's own limit, so that the step ends with the driver's words and no thread is left behind in a read. */
    static final Duration SILENCE = Duration.ofMillis(900);

    private static final String SAVE = """
            WITH old AS (DELETE FROM drain_history WHERE ended_at < clock_timestamp() - ? * interval '1 ms')
            INSERT INTO drain_history (pod, instance, generation, ending, started_at, ended_at, report)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";
    private static final String FIND = """
            SELECT pod, instance, generation, ending, started_at, ended_at, report FROM drain_history
            WHERE (?::text IS NULL OR pod = ?) AND ended_at >= ? ORDER BY ended_at DESC LIMIT ?""";

    private final DataSource source;
    private final Duration retention;

    Archive(DataSource source, Duration retention) {
        this.source = source;
        this.retention = retention;
    }

    void save(PastDrain drain) throws SQLException {
        call(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
                insert.setLong(1, retention.toMillis());
                insert.setString(2, drain.pod());
                insert.setString(3, drain.instance());
                insert.setLong(4, drain.generation());
                insert.setString(5, drain.ending().key());
                insert.setTimestamp(6, Timestamp.from(drain.startedAt()));
                insert.setTimestamp(7, Timestamp.from(drain.endedAt()));
                insert.setString(8, drain.report().encode());
                return insert.executeUpdate();
            }
        });
    }

    List<PastDrain> find(HistoryQuery query) throws SQLException {
        return call(connection -> {
            try (PreparedStatement select = connection.prepareStatement(FIND)) {
                select.setString(1, query.pod());
                select.setString(2, query.pod());
                select.setTimestamp(3, Timestamp.from(query.since() == null ? Instant.EPOCH : query.since()));
                select.setInt(4, query.limit());
                try (ResultSet rows = select.executeQuery()) {
                    List<PastDrain> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(drainIn(rows));
                    }
                    return found;
                }
            }
        });
    }

    private static PastDrain drainIn(ResultSet row) throws SQLException {
        return new PastDrain(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                PastDrain.Ending.of(row.getString(4)),
                row.getTimestamp(5).toInstant(),
                row.getTimestamp(6).toInstant(),
                report(row.getString(7)));
    }

    /** One row that somebody has spoilt does not hide the others: it is marked instead. */
    private static JsonObject report(String written) {
        try {
            return new JsonObject(written);
        } catch (DecodeException e) {
            return new JsonObject().put("unreadable", true);
        }
    }

    private <T> T call(Statements<T> statements) throws SQLException {
        try (Connection connection = source.getConnection()) {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
            try {
                return statements.on(connection);
            } finally {
                giveBack(connection, before);
            }
        }
    }

    /** The pool keeps what was set. */
    private static void giveBack(Connection connection, int networkTimeout) {
        try {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        } catch (SQLException e) {
            // It was given up, and the pool finds it closed.
        }
    }

    private interface Statements<T> {
        T on(Connection connection) throws SQLException;
    }
}

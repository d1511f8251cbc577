package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Opens connections to a server that can write, and closes them for good: a pool would give a broken one out again. One session that meets
 * a server that became read-only makes all sessions open new connections, also those that only read, because a standby may lag. Thread-safe.
 */
final class PrimaryConnections {
    /** Seen at 1000 runs on new tables: about 50 µs of PostgreSQL's CPU a token without a plan for each execution, 12 with it. */
    private static final String SETTINGS = "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '500ms';"
            + " SET statement_timeout = '10s'; SET synchronous_commit = on; SET plan_cache_mode = force_custom_plan;"
            // Statistics of a busy hour must not make the planner read a million ended runs in a quiet one.
            + " SET enable_seqscan = off";

    private static final String FACTS = "SELECT pg_backend_pid(), current_setting('transaction_read_only') = 'on'";

    private final DataSource source;
    private final AtomicLong generation = new AtomicLong();

    PrimaryConnections(DataSource source) {
        this.source = source;
    }

    /** Rises with each fail-over that was noticed; a connection of an earlier one may lead to a standby. */
    long generation() {
        return generation.get();
    }

    void failedOver() {
        generation.incrementAndGet();
    }

    /** A connection of the pool as it is. */
    Connection borrow() throws SQLException {
        return source.getConnection();
    }

    /**
     * A connection to a primary, with the settings that every statement of ours relies on.
     *
     * @param silence after which an answer is not waited for any more
     */
    Connection open(Duration silence) throws SQLException {
        return open(silence, SETTINGS);
    }

    /** The same with other settings. */
    Connection open(Duration silence, String settings) throws SQLException {
        Connection connection = source.getConnection();
        try {
            connection.setNetworkTimeout(Runnable::run, (int) silence.toMillis());
            prepare(connection, settings);
            return connection;
        } catch (SQLException | RuntimeException e) {
            discard(connection, true);
            throw e;
        }
    }

    /** Sets a connection up. Behind a pooler a SET would reach its other clients and miss our next statement: there the role's settings must do. */
    private static void prepare(Connection connection, String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean pooled;
            try (ResultSet row = statement.executeQuery(FACTS)) {
                row.next();
                if (row.getBoolean(2)) {
                    throw SqlFailure.readOnly();
                }
                pooled = isPooled(connection, row.getInt(1));
            }
            if (pooled) {
                connection.unwrap(PGConnection.class).setPrepareThreshold(0);
            } else {
                statement.execute(settings);
            }
        }
    }

    /** A pooler invents the process id that it tells its clients for their cancel requests. */
    static boolean isPooled(Connection connection, int backend) throws SQLException {
        return connection.isWrapperFor(PGConnection.class)
                && connection.unwrap(PGConnection.class).getBackendPID() != backend;
    }

    /** Returns a connection that works to the pool, without the settings that it got here. */
    private static void giveBack(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("RESET ALL");
        }
        connection.close();
    }

    /**
     * Gives a connection up: to the pool where it works, otherwise it is closed itself, which the pool's own close would not do.
     *
     * @param broken whether its server may be silent: then nothing is said to it
     */
    static void discard(Connection connection, boolean broken) {
        if (!broken) {
            try {
                giveBack(connection);
                return;
            } catch (SQLException e) {
                // It does not work after all.
            }
        }
        try {
            if (connection.isWrapperFor(PGConnection.class)
                    && connection.unwrap(PGConnection.class) instanceof Connection physical
                    && physical != connection) {
                physical.abort(Runnable::run);
                // The pool learns from an error of its own wrapper that the connection is not to be kept.
                connection.createStatement().close();
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // It is closed for being of no use any more.
        }
        try {
            connection.close();
        } catch (SQLException e) {
            // As above.
        }
    }
}

package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * What one pod does for all, whichever takes the advisory lock: partitions, retention, runs that nobody may come back for, rows of dead
 * pods. The lock is the connection's, and a pod that is stopped while it holds it loses both after a while. Thread-safe.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration ROUND = Duration.ofMinutes(1);

    /** "lastcall" in ASCII. */
    private static final long LOCK = 0x6c61737463616c6cL;

    private static final String UNLOCK = "SELECT pg_advisory_unlock(" + LOCK + ")";

    /** Nobody waits for this connection, and nobody behind it: what it runs may take longer than a run's statement. */
    private static final String SETTINGS = "SET lock_timeout = '5s'; SET statement_timeout = '60s';"
            + " SET idle_session_timeout = '60s'; SET idle_in_transaction_session_timeout = '5s'";

    private static final String UNSTORED = """
            WITH d AS (SELECT m.id FROM run_meta m WHERE NOT m.stored AND m.ended_at < clock_timestamp() - interval '10 min' LIMIT 500),
            r AS (DELETE FROM runs USING d WHERE runs.id = d.id AND runs.status >= 3 RETURNING runs.id),
            m AS (DELETE FROM run_meta USING r WHERE run_meta.id = r.id),
            t AS (DELETE FROM tool_calls USING r WHERE tool_calls.run_id = r.id)
            DELETE FROM run_events e USING r WHERE e.run_id = r.id""";
    private static final String PODS = """
            DELETE FROM pods p WHERE p.dead AND p.lease_until < clock_timestamp() - interval '10 min'
            AND NOT EXISTS (SELECT FROM runs WHERE status = 1 AND owner = p.incarnation)""";

    private final DataSource source;
    private final Time time;
    private final Duration retention;
    private final Session thread;

    Housekeeping(DataSource source, Time time, Duration retention) {
        this.source = source;
        this.time = time;
        this.retention = retention;
        // For its thread: a round has a connection of its own.
        thread = new Session("log-keeper", source);
    }

    /** Returns when a run that is born now finds its partition; then a round every minute. */
    void start() throws SQLException {
        connected(connection -> {
            Instant now = Partitions.now(connection);
            if (!Partitions.reach(connection, now)) {
                // Several pods at their first start: the second finds the work done.
                ask(connection, "SELECT pg_advisory_lock(" + LOCK + ") IS NOT NULL");
                try {
                    Partitions.make(connection, now);
                } finally {
                    ask(connection, UNLOCK);
                }
            }
            return now;
        });
        next();
    }

    private void next() {
        double jitter = 0.5 + ThreadLocalRandom.current().nextDouble();
        time.schedule(Duration.ofMillis((long) (ROUND.toMillis() * jitter)), () -> thread.execute(this::round));
    }

    private void round() {
        if (thread.isClosed()) {
            return;
        }
        try {
            keep();
        } catch (SQLException e) {
            LOG.warnf("housekeeping is put off state=%s: %s", e.getSQLState(), e.getMessage());
        } finally {
            next();
        }
    }

    /** One round, where no other pod is at it. */
    boolean keep() throws SQLException {
        return connected(connection -> {
            if (!ask(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")")) {
                return false;
            }
            try {
                Instant now = Partitions.now(connection);
                Partitions.make(connection, now);
                run(connection, UNSTORED);
                run(connection, PODS);
                Partitions.expire(connection, now, retention);
            } finally {
                ask(connection, UNLOCK);
            }
            return true;
        });
    }

    private <T> T connected(Session.Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            run(connection, SETTINGS);
            try {
                return work.on(connection);
            } finally {
                // It goes back to a pool.
                run(connection, "RESET ALL");
            }
        }
    }

    private static boolean ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}

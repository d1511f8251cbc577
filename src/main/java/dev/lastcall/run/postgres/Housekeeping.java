package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Maintenance that one pod does for all, the one named in a column of the fleet's row: partitions, retention, abandoned runs, rows of dead
 * pods. A pod that is stopped meanwhile loses that role after {@value #HOUSE}. Thread-safe.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final String HOUSE = "5 min";

    /** "lastcall" in ASCII. */
    private static final long LOCK = 0x6c61737463616c6cL;

    /** A lock until the end of the transaction: a lock of the session would be another client's behind a pooler. */
    private static final String ALONE = "SELECT pg_advisory_xact_lock(" + LOCK + ") IS NOT NULL";

    /** The time limits of this connection, longer than those of a run's statements since no client waits for it. */
    private static final String SETTINGS = "SET lock_timeout = '5s'; SET statement_timeout = '60s';"
            + " SET idle_session_timeout = '60s'; SET idle_in_transaction_session_timeout = '5s'; SET enable_seqscan = off";

    private static final Duration SILENCE = Duration.ofMinutes(2);

    private static final String TAKE = "UPDATE fleet SET house_until = clock_timestamp() + interval '" + HOUSE
            + "' WHERE house_until < clock_timestamp() RETURNING true";
    private static final String LEAVE = "UPDATE fleet SET house_until = '-infinity'";

    private static final String UNSTORED = """
            WITH d AS (
              SELECT m.id FROM run_meta m JOIN runs r ON r.id = m.id AND r.status >= 3
              WHERE NOT m.stored AND m.ended_at < now() - interval '10 min' LIMIT ?),
            r AS (DELETE FROM runs USING d WHERE runs.id = d.id AND runs.status >= 3 RETURNING runs.id),
            m AS (DELETE FROM run_meta USING r WHERE run_meta.id = r.id),
            t AS (DELETE FROM tool_calls USING r WHERE tool_calls.run_id = r.id),
            e AS (DELETE FROM run_events e USING r WHERE e.run_id = r.id)
            SELECT count(*) FROM r""";
    private static final int UNSTORED_ROWS = 500;

    private static final String PODS = """
            DELETE FROM pods p WHERE p.dead AND p.lease_until < clock_timestamp() - interval '10 min'
            AND NOT EXISTS (SELECT FROM runs WHERE status = 1 AND owner = p.incarnation)""";

    private final PrimaryConnections connections;
    private final Time time;
    private final Duration retention;
    private final boolean makesPartitions;
    private final ExecutorService thread;
    private volatile boolean closed;

    /** Creates one that makes and drops the partitions itself. */
    Housekeeping(DataSource source, Time time, Duration retention) {
        this(new PrimaryConnections(source), time, retention, true);
    }

    Housekeeping(PrimaryConnections connections, Time time, Duration retention, boolean makesPartitions) {
        this.connections = connections;
        this.time = time;
        this.retention = retention;
        this.makesPartitions = makesPartitions;
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "lastcall-log-keeper");
            made.setDaemon(true);
            return made;
        });
    }

    /** Returns when a run that is born now finds its partition; then a round every minute. */
    void start() throws SQLException {
        connected(connection -> {
            Instant now = Partitions.now(connection);
            if (!Partitions.reach(connection, now)) {
                if (!makesPartitions) {
                    throw new SQLException("no partition of run_events for today and its neighbours (expected: those of"
                            + " src/docs/partitions.sql, run daily, because lastcall.run.partitions is external)");
                }
                makeAlone(connection, now);
            }
            return now;
        });
        next();
    }

    /** Several pods at their first start: the second finds the work done. */
    private static void makeAlone(Connection connection, Instant now) throws SQLException {
        connection.setAutoCommit(false);
        try {
            ask(connection, ALONE);
            Partitions.make(connection, now);
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void next() {
        double jitter = 0.5 + ThreadLocalRandom.current().nextDouble();
        time.schedule(Duration.ofMillis((long) (ROUND.toMillis() * jitter)), () -> {
            if (!closed) {
                thread.execute(this::round);
            }
        });
    }

    private void round() {
        if (closed) {
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

    /** Runs one round, unless another pod is running one. */
    boolean keep() throws SQLException {
        return connected(connection -> {
            if (!ask(connection, TAKE)) {
                return false;
            }
            try {
                Instant now = Partitions.now(connection);
                if (makesPartitions) {
                    Partitions.make(connection, now);
                }
                while (deleteUnstored(connection) > 0) {
                    run(connection, "UPDATE fleet SET house_until = clock_timestamp() + interval '" + HOUSE + "'");
                }
                run(connection, PODS);
                Partitions.expire(connection, now, retention, makesPartitions);
            } finally {
                run(connection, LEAVE);
            }
            return true;
        });
    }

    private static int deleteUnstored(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(UNSTORED)) {
            delete.setInt(1, UNSTORED_ROWS);
            try (ResultSet row = delete.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private <T> T connected(Session.Work<T> work) throws SQLException {
        Connection connection = connections.open(SILENCE, SETTINGS);
        boolean broken = true;
        try {
            T answer = work.on(connection);
            broken = false;
            return answer;
        } finally {
            // With its settings it is nobody else's.
            PrimaryConnections.discard(connection, broken);
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
        closed = true;
        thread.shutdown();
    }

    /** Waits like {@link Session#awaitEnd}, for the end of its thread. */
    void awaitEnd(long deadline) throws InterruptedException {
        boolean unused = thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}

package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Makes the days' partitions ahead and drops those that retention has done with. Every step may be cut off and is taken up again by the
 * next round, on whichever pod: a table that is not attached yet, one that is half detached, one that is not dropped yet.
 *
 * <p>A plain DROP of a partition locks the parent, and while it waits every append waits behind it. DETACH CONCURRENTLY does not.
 */
public final class Partitions {
    private static final Logger LOG = Logger.getLogger(Partitions.class);
    private static final int AHEAD = 3;
    private static final int ROWS = 1000;

    private static final String TABLES = """
            SELECT c.relname, i.inhparent IS NOT NULL, coalesce(i.inhdetachpending, false)
            FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = 'run_events'::regclass
            WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run_events'::regclass)
              AND c.relkind = 'r' AND c.relname ~ '^run_events_[0-9]{8}$'""";
    private static final String NOW = "SELECT clock_timestamp()";
    private static final String EXPIRE = """
            WITH r AS (
              DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE id < ? AND status >= 3 LIMIT ?) RETURNING id),
            m AS (DELETE FROM run_meta USING r WHERE run_meta.id = r.id),
            t AS (DELETE FROM tool_calls USING r WHERE tool_calls.run_id = r.id)
            SELECT count(*) FROM r""";
    private static final String LIVING = "SELECT EXISTS (SELECT FROM runs WHERE id >= ? AND id < ?)";

    /** The progress of a day's table towards being attached or dropped. */
    private enum Standing {
        LOOSE,
        ATTACHED,
        DETACHING
    }

    private Partitions() {}

    static Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    /** Whether a run that is born now, by whichever pod's clock, finds its partition. */
    static boolean reach(Connection connection, Instant now) throws SQLException {
        Map<DayPartition, Standing> standing = standing(connection);
        return standing.get(DayPartition.of(now)) == Standing.ATTACHED
                && standing.get(DayPartition.of(now).plus(1)) == Standing.ATTACHED
                && standing.get(DayPartition.of(now).plus(-1)) == Standing.ATTACHED;
    }

    /** Makes the partitions from yesterday, for a pod whose clock is late, to three days ahead. */
    public static void make(Connection connection, Instant now) throws SQLException {
        Map<DayPartition, Standing> standing = standing(connection);
        for (int i = -1; i <= AHEAD; i++) {
            DayPartition day = DayPartition.of(now).plus(i);
            Standing found = standing.get(day);
            if (found == null) {
                run(connection, "CREATE TABLE " + day.table() + " (LIKE run_events INCLUDING ALL)");
            }
            if (found == null || found == Standing.LOOSE) {
                run(
                        connection,
                        "ALTER TABLE run_events ATTACH PARTITION " + day.table() + " FOR VALUES FROM ('" + day.first()
                                + "') TO ('" + day.plus(1).first() + "')");
            }
        }
    }

    /**
     * Forgets the ended runs of all days that are over for as long as retention, then drops the days in which no run is left.
     *
     * @param drops whether partitions are ours to drop
     */
    static void expire(Connection connection, Instant now, Duration retention, boolean drops) throws SQLException {
        DayPartition kept = DayPartition.of(now.minus(retention));
        // The runs first: whoever follows one of them then learns that it is gone, not that its log has a hole.
        while (expireRuns(connection, kept.first()) == ROWS) {
            LOG.debugf("runs expired before=%s", kept.date());
        }
        if (!drops) {
            return;
        }
        Map<DayPartition, Standing> standing = standing(connection);
        List<DayPartition> days = new ArrayList<>(standing.keySet());
        // The half detached one first: as long as there is one, no other can be detached.
        days.sort(Comparator.comparing((DayPartition day) -> standing.get(day) != Standing.DETACHING)
                .thenComparing(DayPartition::date));
        DayPartition oldestMade = DayPartition.of(now).plus(-1);
        for (DayPartition day : days) {
            boolean over = day.date().isBefore(kept.date()) && day.date().isBefore(oldestMade.date());
            if (over && !isLivedIn(connection, day)) {
                drop(connection, day, standing.getOrDefault(day, Standing.LOOSE));
            }
        }
    }

    private static int expireRuns(Connection connection, UUID before) throws SQLException {
        try (var delete = connection.prepareStatement(EXPIRE)) {
            delete.setObject(1, before);
            delete.setInt(2, ROWS);
            try (ResultSet row = delete.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static boolean isLivedIn(Connection connection, DayPartition day) throws SQLException {
        try (var select = connection.prepareStatement(LIVING)) {
            select.setObject(1, day.first());
            select.setObject(2, day.plus(1).first());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void drop(Connection connection, DayPartition day, Standing standing) throws SQLException {
        String detach = "ALTER TABLE run_events DETACH PARTITION " + day.table();
        if (standing == Standing.ATTACHED) {
            run(connection, detach + " CONCURRENTLY");
        } else if (standing == Standing.DETACHING) {
            run(connection, detach + " FINALIZE");
        }
        run(connection, "DROP TABLE " + day.table());
        LOG.infof("partition dropped day=%s", day.date());
    }

    private static Map<DayPartition, Standing> standing(Connection connection) throws SQLException {
        Map<DayPartition, Standing> standing = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                Standing found =
                        row.getBoolean(3) ? Standing.DETACHING : row.getBoolean(2) ? Standing.ATTACHED : Standing.LOOSE;
                standing.put(DayPartition.ofTable(row.getString(1)), found);
            }
        }
        return standing;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

package dev.lastcall.run.postgres;

import dev.lastcall.run.log.Claimed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The statements that change a run's owner. Claims skip rows that are locked, by an append or another claim, and so never wait; a run is
 * claimed once, because the second to look finds it running. Each claim raises the epoch, which fences every earlier owner, also one that
 * this pod was itself.
 */
final class ClaimStatements {
    private static final String RETURNING =
            " RETURNING r.id, r.epoch, r.next_seq, r.cancel_requested, r.attempts, r.handoffs, r.deadline";
    private static final String CLAIMED = "UPDATE runs r SET status = 1, owner = ?, epoch = r.epoch + 1";

    static final String FREE =
            """
            WITH q AS (SELECT id, status FROM runs WHERE status IN (0, 2) AND format <= ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)
            """ + CLAIMED + ", handoffs = r.handoffs + (q.status = 2)::int FROM q WHERE r.id = q.id" + RETURNING;

    static final String FREE_OF =
            """
            WITH q AS (SELECT id, status FROM runs WHERE status IN (0, 2) AND format <= ? AND id = ANY (?) ORDER BY id LIMIT ?
              FOR UPDATE SKIP LOCKED)
            """ + CLAIMED + ", handoffs = r.handoffs + (q.status = 2)::int FROM q WHERE r.id = q.id" + RETURNING;

    static final String FREE_NOW = "SELECT id FROM runs WHERE status IN (0, 2) AND format <= ? ORDER BY id LIMIT ?";

    static final String OF_DEAD = """
            WITH q AS (SELECT id FROM runs WHERE status = 1 AND owner = ANY (?) AND format <= ? LIMIT ? FOR UPDATE SKIP LOCKED)
            """ + CLAIMED + ", attempts = r.attempts + 1 FROM q WHERE r.id = q.id" + RETURNING;

    /** The claim of overdue runs, by now(), which is the same for the whole statement: a clock_timestamp() is no condition for an index. */
    static final String OVERDUE = """
            WITH q AS (SELECT id FROM runs WHERE status IN (0, 1, 2) AND format <= ? AND deadline < now() - interval '5 s'
              ORDER BY deadline LIMIT ? FOR UPDATE SKIP LOCKED)
            """ + CLAIMED + " FROM q WHERE r.id = q.id" + RETURNING;

    static final String SEIZE = CLAIMED + ", cancel_requested = true WHERE id = ? AND status IN (0, 1, 2)" + RETURNING;

    static final String OWNED = "SELECT id, epoch FROM runs WHERE status = 1 AND owner = ?";

    static final String ADOPT = """
            WITH q AS (SELECT r.id FROM runs r JOIN unnest(?::uuid[], ?::int[]) s(id, epoch) ON s.id = r.id AND s.epoch = r.epoch
              WHERE r.status = 1 AND r.owner = ? FOR UPDATE OF r SKIP LOCKED)
            """ + CLAIMED + ", attempts = r.attempts + 1 FROM q WHERE r.id = q.id" + RETURNING;

    private ClaimStatements() {}

    /** Runs that wait for an owner, the oldest first. */
    static List<Claimed> claimFree(Connection connection, long me, int limit) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FREE)) {
            update.setInt(1, RunSettings.FORMAT);
            update.setInt(2, limit);
            update.setLong(3, me);
            return claimed(update);
        }
    }

    /** Claims those of these runs that are still free. */
    static List<Claimed> claimFreeOf(Connection connection, long me, Collection<UUID> runs, int limit)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FREE_OF)) {
            update.setInt(1, RunSettings.FORMAT);
            update.setArray(2, connection.createArrayOf("uuid", runs.toArray()));
            update.setInt(3, limit);
            update.setLong(4, me);
            return claimed(update);
        }
    }

    /** The ids of runs that wait for an owner. */
    static List<UUID> free(Connection connection, int limit) throws SQLException {
        List<UUID> free = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FREE_NOW)) {
            select.setInt(1, RunSettings.FORMAT);
            select.setInt(2, limit);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    free.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return free;
    }

    /** Runs whose owner is dead. */
    static List<Claimed> claimOfDead(Connection connection, long me, List<Long> dead, int limit) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(OF_DEAD)) {
            update.setArray(1, connection.createArrayOf("int8", dead.toArray()));
            update.setInt(2, RunSettings.FORMAT);
            update.setInt(3, limit);
            update.setLong(4, me);
            return claimed(update);
        }
    }

    /** Runs past their deadline that their owner does not close. */
    static List<Claimed> claimOverdue(Connection connection, long me, int limit) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(OVERDUE)) {
            update.setInt(1, RunSettings.FORMAT);
            update.setInt(2, limit);
            update.setLong(3, me);
            return claimed(update);
        }
    }

    /** Claims a live run from any owner in order to close it; at most one. */
    static List<Claimed> seize(Connection connection, long me, UUID run) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SEIZE)) {
            update.setLong(1, me);
            update.setObject(2, run);
            return claimed(update);
        }
    }

    /** Returns the runs that this incarnation owns, with their epochs. */
    static Map<UUID, Integer> owned(Connection connection, long me) throws SQLException {
        Map<UUID, Integer> owned = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(OWNED)) {
            select.setLong(1, me);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    owned.put(rows.getObject(1, UUID.class), rows.getInt(2));
                }
            }
        }
        return owned;
    }

    /** Claims runs of this incarnation that are not executed, if their epoch is still the same. */
    static List<Claimed> adopt(Connection connection, long me, Map<UUID, Integer> runs) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(ADOPT)) {
            List<UUID> ids = List.copyOf(runs.keySet());
            update.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            update.setArray(
                    2,
                    connection.createArrayOf("int4", ids.stream().map(runs::get).toArray()));
            update.setLong(3, me);
            update.setLong(4, me);
            return claimed(update);
        }
    }

    private static List<Claimed> claimed(PreparedStatement statement) throws SQLException {
        List<Claimed> claimed = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                claimed.add(new Claimed(
                        row.getObject(1, UUID.class),
                        row.getInt(2),
                        row.getInt(3),
                        row.getBoolean(4),
                        row.getInt(5),
                        row.getInt(6),
                        row.getObject(7, OffsetDateTime.class).toInstant()));
            }
        }
        return claimed;
    }
}

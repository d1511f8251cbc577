package dev.lastcall.run.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * All that a claim needs to know of the other pods, in one row that one pod, the keeper, writes for all, so that reading it costs the same
 * in a fleet of two and of a thousand. A keeper that is silent for a few seconds is replaced by the pod that sees it first.
 *
 * @param keeper the pod that writes the row
 * @param expired whether anybody may become the keeper
 * @param overdue whether also a pod may that cannot write deaths yet
 * @param live pods whose lease runs
 * @param serving at most two pods that claim
 * @param newest the highest version among those that claim; the lowest possible where none does
 * @param dead incarnations whose runs are anybody's
 * @param waiting whether a run waits for an owner
 */
record Fleet(
        long keeper,
        boolean expired,
        boolean overdue,
        int live,
        List<Long> serving,
        long newest,
        List<Long> dead,
        boolean waiting) {
    private static final String WAITING = "EXISTS (SELECT FROM runs WHERE status IN (0, 2) AND format <= ?)";
    private static final String FACTS = "f.keeper, f.keeper_until < clock_timestamp(),"
            + " f.keeper_until < clock_timestamp() - interval '2 s', f.live, f.serving, f.newest, f.dead, " + WAITING;

    static final String LOOK = "SELECT " + FACTS + " FROM fleet f";

    /** Writes deaths, where this pod may, and then the row, where this pod is its keeper or becomes it. */
    static final String KEEP = """
            WITH d AS (
              UPDATE pods SET dead = true WHERE ? AND NOT dead AND lease_until < clock_timestamp() RETURNING incarnation),
            p AS MATERIALIZED (
              SELECT incarnation, version, dead OR incarnation IN (SELECT incarnation FROM d) AS dead, draining,
                lease_until > clock_timestamp() AS held FROM pods),
            s AS (
              SELECT count(*) FILTER (WHERE held) AS live, max(version) FILTER (WHERE held AND NOT draining) AS newest,
                (array_agg(incarnation) FILTER (WHERE held AND NOT draining))[1:2] AS serving
              FROM p WHERE NOT dead),
            g AS (
              SELECT array_agg(incarnation) AS dead FROM p
              WHERE dead AND EXISTS (SELECT FROM runs r WHERE r.status = 1 AND r.owner = p.incarnation))
            UPDATE fleet f SET keeper = ?, keeper_until = clock_timestamp() + interval '3 s', live = s.live,
              serving = coalesce(s.serving, '{}'), newest = s.newest, dead = coalesce(g.dead, '{}')
            FROM s, g WHERE f.keeper = ? OR f.keeper_until < clock_timestamp()
            RETURNING\s""" + FACTS;

    static final String LEAVE = "UPDATE fleet SET keeper_until = '-infinity' WHERE keeper = ?";

    Fleet {
        serving = List.copyOf(serving);
        dead = List.copyOf(dead);
    }

    static Fleet unknown() {
        return new Fleet(0, false, false, 0, List.of(), Long.MIN_VALUE, List.of(), true);
    }

    static Fleet look(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOOK)) {
            select.setInt(1, RunSettings.FORMAT);
            return read(select).orElseThrow(() -> new SQLException("table fleet: no row (expected: one)", "55000"));
        }
    }

    /**
     * Writes the row; empty where another pod is its keeper by now.
     *
     * @param sound whether this pod may write the deaths of others
     */
    static Optional<Fleet> keep(Connection connection, long me, boolean sound) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(KEEP)) {
            update.setBoolean(1, sound);
            update.setLong(2, me);
            update.setLong(3, me);
            update.setInt(4, RunSettings.FORMAT);
            return read(update);
        }
    }

    private static Optional<Fleet> read(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            long found = row.getLong(6);
            long newest = row.wasNull() ? Long.MIN_VALUE : found;
            return Optional.of(new Fleet(
                    row.getLong(1),
                    row.getBoolean(2),
                    row.getBoolean(3),
                    row.getInt(4),
                    numbers(row.getArray(5)),
                    newest,
                    numbers(row.getArray(7)),
                    row.getBoolean(8)));
        }
    }

    private static List<Long> numbers(Array array) throws SQLException {
        return List.of((Long[]) array.getArray());
    }

    /** Whether a pod besides this one claims. */
    boolean othersServe(long me) {
        return serving.stream().anyMatch(each -> each != me);
    }
}

package dev.lastcall.run.postgres;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Checkpoint;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.RunMeta;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Statements that read many runs at once: what stays the same of them, and where they stand. */
final class RunQueries {
    static final String META = "SELECT id, tenant, wire, request, stored, created_at, ended_at, handoffs"
            + " FROM run_meta WHERE id = ANY (?) AND EXISTS (SELECT FROM runs WHERE runs.id = run_meta.id)";
    static final String HEADS = "SELECT id, next_seq, status FROM runs WHERE id = ANY (?)";
    static final String CHANGES = """
            SELECT q.id, r.next_seq, r.status FROM unnest(?::uuid[], ?::int[]) q(id, known)
            LEFT JOIN runs r ON r.id = q.id WHERE r.next_seq IS DISTINCT FROM q.known""";
    static final String EPOCHS = "SELECT id, epoch FROM runs WHERE id = ANY (?)";

    /** Counted and looked up by PostgreSQL: a hundred thousand rows are not sent for three values. */
    static final String CHECKPOINT = """
            WITH e AS MATERIALIZED (SELECT seq, type, CASE WHEN type <> ? THEN data END AS data
              FROM run_events WHERE run_id = ? AND seq <= ?)
            SELECT (SELECT count(*) FROM e), (SELECT max(seq) FROM e), (SELECT count(*) FROM e WHERE type = ?),
              (SELECT data FROM e WHERE type = ? ORDER BY seq DESC LIMIT 1),
              (SELECT data FROM e WHERE type = ? ORDER BY seq DESC LIMIT 1)""";

    private RunQueries() {}

    /** Reads the metadata of runs, in the order of the runs; empty for those that are not there. */
    static List<Optional<RunMeta>> metas(Connection connection, List<UUID> runs) throws SQLException {
        Map<UUID, RunMeta> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(META)) {
            select.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    RunMeta meta = meta(row);
                    found.put(meta.id(), meta);
                }
            }
        }
        return runs.stream().map(run -> Optional.ofNullable(found.get(run))).toList();
    }

    private static RunMeta meta(ResultSet row) throws SQLException {
        OffsetDateTime ended = row.getObject(7, OffsetDateTime.class);
        return new RunMeta(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                ended == null ? null : ended.toInstant(),
                List.of((String[]) row.getArray(8).getArray()));
    }

    /** Returns the state of a reader that has everything up to a seq; empty where the log begins later or has a hole. */
    static Optional<Checkpoint> checkpoint(Connection connection, UUID run, int after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(CHECKPOINT)) {
            int delta = EventType.OUTPUT_TEXT_DELTA.code();
            select.setInt(1, delta);
            select.setObject(2, run);
            select.setInt(3, after);
            select.setInt(4, delta);
            select.setInt(5, EventType.OUTPUT_ITEM_ADDED.code());
            select.setInt(6, EventType.CONTENT_PART_ADDED.code());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                int last = row.getInt(2);
                boolean whole = row.getInt(1) > 0 && row.getInt(1) == last + 1;
                return whole
                        ? Optional.of(new Checkpoint(last, row.getInt(3), row.getString(4), row.getString(5)))
                        : Optional.empty();
            }
        }
    }

    static Map<UUID, Head> heads(Connection connection, Collection<UUID> runs) throws SQLException {
        Map<UUID, Head> heads = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(HEADS)) {
            select.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    heads.put(row.getObject(1, UUID.class), new Head(row.getInt(2), RunStatus.of(row.getInt(3))));
                }
            }
        }
        return heads;
    }

    /** Returns the heads that have changed, since most of ten thousand followed runs are silent. */
    static Map<UUID, Optional<Head>> changes(Connection connection, Map<UUID, Integer> known) throws SQLException {
        Map<UUID, Optional<Head>> changes = new HashMap<>();
        Object[] runs = known.keySet().toArray();
        int[] nextSeqs = known.values().stream().mapToInt(Integer::intValue).toArray();
        try (PreparedStatement select = connection.prepareStatement(CHANGES)) {
            select.setArray(1, connection.createArrayOf("uuid", runs));
            select.setObject(2, nextSeqs);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID run = row.getObject(1, UUID.class);
                    int nextSeq = row.getInt(2);
                    changes.put(
                            run,
                            row.wasNull()
                                    ? Optional.empty()
                                    : Optional.of(new Head(nextSeq, RunStatus.of(row.getInt(3)))));
                }
            }
        }
        return changes;
    }

    static Map<UUID, Integer> epochs(Connection connection, Collection<UUID> runs) throws SQLException {
        Map<UUID, Integer> epochs = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(EPOCHS)) {
            select.setArray(1, connection.createArrayOf("uuid", runs.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    epochs.put(row.getObject(1, UUID.class), row.getInt(2));
                }
            }
        }
        return epochs;
    }
}

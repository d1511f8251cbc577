package dev.lastcall.run.postgres;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.LogRegression;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The batches of many runs as one statement: fence, sequence and rows of a run are written together or not at all. The races it closes:
 *
 * <ul>
 *   <li>Append against claim: both update the run's row. Who comes second waits, looks at the row again, and no longer finds its epoch.
 *   <li>Append against its own resend, while the first one still runs in a backend whose client is gone: the second waits for the row and
 *       then finds next_seq moved on, whichever of the two that is.
 *   <li>Append against deletion: a row that is gone matches nothing.
 * </ul>
 *
 * Runs missing from the answer are asked for afterwards ({@link #verdicts}), which tells a batch that had been committed before from one
 * that is fenced.
 */
final class AppendStatement {
    static final String UPDATE = """
            WITH b AS MATERIALIZED (
              SELECT * FROM unnest(?::uuid[], ?::int[], ?::int[], ?::int[], ?::smallint[]) b(id, epoch, expected, k, ns)),
            u AS (
              UPDATE runs r SET next_seq = b.expected + b.k, status = coalesce(b.ns, r.status),
                owner = CASE WHEN b.ns IS NULL THEN r.owner END
              FROM b WHERE r.id = b.id AND r.owner = ? AND r.status = 1 AND r.epoch = b.epoch AND r.next_seq = b.expected
              RETURNING r.id),
            i AS (
              INSERT INTO run_events SELECT e.id, e.seq, e.type, e.data
              FROM unnest(?::uuid[], ?::int[], ?::smallint[], ?::text[]) e(id, seq, type, data) JOIN u USING (id))""";

    /** The part of the statement for groups in which a run ends, left out of the others. */
    static final String ENDED = """
            ,
            m AS (
              UPDATE run_meta m SET ended_at = clock_timestamp() FROM u JOIN b USING (id) WHERE m.id = u.id AND b.ns >= 3)""";

    static final String ANSWER = "\nSELECT id FROM u";
    private static final String VERDICT = "SELECT id, epoch, next_seq, status, owner FROM runs WHERE id = ANY (?)";

    private static final String UNLOCKED = """
            SELECT r.id FROM runs r JOIN run_meta m ON m.id = r.id WHERE r.id = ANY (?) FOR NO KEY UPDATE OF r, m SKIP LOCKED""";
    private static final String THERE = "SELECT id FROM runs WHERE id = ANY (?)";

    private AppendStatement() {}

    /** Returns the runs whose rows are not locked at this moment, and those that are gone; does not wait for a row. */
    static Set<UUID> unlocked(Connection connection, List<PendingAppend> group) throws SQLException {
        Object[] runs = group.stream().map(each -> each.batch.run()).toArray();
        Set<UUID> free = ids(connection, UNLOCKED, runs);
        if (free.size() < runs.length) {
            Set<UUID> there = ids(connection, THERE, runs);
            group.stream()
                    .map(each -> each.batch.run())
                    .filter(run -> !there.contains(run))
                    .forEach(free::add);
        }
        return free;
    }

    private static Set<UUID> ids(Connection connection, String sql, Object[] runs) throws SQLException {
        Set<UUID> found = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("uuid", runs));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return found;
    }

    /** Sends the group, in the order of ids in which every pod locks; the runs in the answer are committed. */
    static Set<UUID> send(Connection connection, List<PendingAppend> group, long owner) throws SQLException {
        boolean ends = group.stream().anyMatch(PendingAppend::ends);
        try (PreparedStatement statement = connection.prepareStatement(UPDATE + (ends ? ENDED : "") + ANSWER)) {
            new Columns(group).bind(connection, statement, owner);
            Set<UUID> committed = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    committed.add(rows.getObject(1, UUID.class));
                }
            }
            return committed;
        }
    }

    /** Returns the results of batches that were missing from the answer; null where a batch may be sent again. */
    static Map<UUID, @Nullable AppendResult> verdicts(Connection connection, List<PendingAppend> missing, long owner)
            throws SQLException {
        Map<UUID, @Nullable AppendResult> verdicts = new HashMap<>();
        missing.forEach(each -> verdicts.put(each.batch.run(), new AppendResult.Fenced()));
        Map<UUID, Batch> batches = new HashMap<>();
        missing.forEach(each -> batches.put(each.batch.run(), each.batch));
        try (PreparedStatement statement = connection.prepareStatement(VERDICT)) {
            statement.setArray(
                    1, connection.createArrayOf("uuid", batches.keySet().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    UUID run = row.getObject(1, UUID.class);
                    Batch batch = batches.get(run);
                    if (batch != null) {
                        boolean ours = row.getLong(5) == owner;
                        verdicts.put(run, verdict(batch, row.getInt(2), row.getInt(3), row.getInt(4), ours));
                    }
                }
            }
        }
        return verdicts;
    }

    static @Nullable AppendResult verdict(Batch batch, int epoch, int nextSeq, int status, boolean ours) {
        if (epoch != batch.epoch()) {
            return new AppendResult.Fenced();
        }
        boolean written = batch.next() == null
                ? !batch.rows().isEmpty()
                : status == batch.next().code();
        if (written && nextSeq == batch.end()) {
            return new AppendResult.Committed();
        }
        if (nextSeq != batch.expected()) {
            return new AppendResult.Failed(new LogRegression(batch.run(), nextSeq, batch.expected()));
        }
        // Nobody wrote: an earlier incarnation of this pod owns it, or it is still there for us to write.
        return ours ? null : new AppendResult.Fenced();
    }

    /** The batches by column. */
    private static final class Columns {
        private final UUID[] run;
        private final int[] epoch;
        private final int[] expected;
        private final int[] count;
        private final Short[] status;
        private final UUID[] eventRun;
        private final int[] eventSeq;
        private final short[] eventType;
        private final String[] eventData;

        Columns(List<PendingAppend> group) {
            int runs = group.size();
            int events =
                    group.stream().mapToInt(each -> each.batch.rows().size()).sum();
            run = new UUID[runs];
            epoch = new int[runs];
            expected = new int[runs];
            count = new int[runs];
            status = new Short[runs];
            eventRun = new UUID[events];
            eventSeq = new int[events];
            eventType = new short[events];
            eventData = new String[events];
            int next = 0;
            for (int i = 0; i < runs; i++) {
                next = put(i, group.get(i).batch, next);
            }
        }

        private int put(int i, Batch batch, int event) {
            run[i] = batch.run();
            epoch[i] = batch.epoch();
            expected[i] = batch.expected();
            count[i] = batch.rows().size();
            RunStatus becomes = batch.next();
            if (becomes != null) {
                status[i] = (short) becomes.code();
            }
            int next = event;
            for (Row row : batch.rows()) {
                eventRun[next] = batch.run();
                eventSeq[next] = row.seq();
                eventType[next] = (short) row.type().code();
                eventData[next] = row.data();
                next++;
            }
            return next;
        }

        void bind(Connection connection, PreparedStatement statement, long owner) throws SQLException {
            statement.setArray(1, connection.createArrayOf("uuid", run));
            statement.setObject(2, epoch);
            statement.setObject(3, expected);
            statement.setObject(4, count);
            statement.setArray(5, connection.createArrayOf("int2", status));
            statement.setLong(6, owner);
            statement.setArray(7, connection.createArrayOf("uuid", eventRun));
            statement.setObject(8, eventSeq);
            statement.setObject(9, eventType);
            statement.setObject(10, eventData);
        }
    }
}

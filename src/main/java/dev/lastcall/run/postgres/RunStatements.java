package dev.lastcall.run.postgres;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.InsertResult;
import dev.lastcall.run.log.NewRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Statements on single runs and on what was asked for. Each may be repeated. */
final class RunStatements {
    static final String INSERT = """
            WITH m AS (
              INSERT INTO run_meta (id, tenant, wire, request, idem_key, req_hash, stored, created_at, retry_no)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id),
            r AS (
              INSERT INTO runs (id, status, owner, epoch, next_seq, deadline, format)
              SELECT id, ?, ?, 1, ?, ?, ? FROM m),
            e AS (
              INSERT INTO run_events SELECT m.id, e.seq, e.type, e.data
              FROM m, unnest(?::int[], ?::smallint[], ?::text[]) e(seq, type, data))
            SELECT id FROM m""";

    /** A statement of its own, because the one above does not see the row that it ran into. */
    static final String STANDING = "SELECT id, req_hash FROM run_meta WHERE id = ?"
            + " UNION ALL SELECT id, req_hash FROM run_meta WHERE tenant = ? AND idem_key = ? LIMIT 1";

    private static final String DELETE = """
            WITH r AS (DELETE FROM runs WHERE id = ? AND status >= 3 RETURNING id),
            m AS (DELETE FROM run_meta WHERE id = ? AND EXISTS (SELECT FROM r)),
            t AS (DELETE FROM tool_calls WHERE run_id = ? AND EXISTS (SELECT FROM r)),
            e AS (DELETE FROM run_events WHERE run_id = ? AND EXISTS (SELECT FROM r))
            SELECT id FROM r""";
    private static final String NOTE = """
            UPDATE run_meta SET handoffs = (handoffs || ?::text)[greatest(1, cardinality(handoffs) - 14):]
            WHERE id = ? AND NOT handoffs @> ARRAY[?::text]""";
    static final String RETRIED = """
            WITH c AS (
              SELECT m.id FROM run_meta m WHERE m.tenant = ? AND m.req_hash = ? AND m.retry_no < ? AND m.answered_at IS NULL
                AND (m.ended_at IS NULL OR m.ended_at > now() - interval '60 s')
              ORDER BY m.id LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE run_meta m SET retry_no = ? FROM c WHERE m.id = c.id RETURNING m.id""";
    private static final String UNDER_WAY = "SELECT id FROM run_meta WHERE tenant = ? AND req_hash = ?"
            + " AND answered_at IS NULL AND ended_at IS NULL ORDER BY id DESC LIMIT 1";

    private static final String SUPERSEDED = "SELECT id FROM run_meta WHERE tenant = ? AND req_hash = ?"
            + " AND answered_at IS NULL AND ended_at IS NULL ORDER BY id DESC OFFSET 1";

    /** Sets a retry count below that of a first request, so that the next one of the same client finds it. */
    private static final String EXPECT_RETRY = "UPDATE run_meta SET retry_no = -1 WHERE id = ? AND answered_at IS NULL";

    private static final String ANSWERED =
            "UPDATE run_meta SET answered_at = clock_timestamp() WHERE id = ? AND answered_at IS NULL";
    private static final String ABANDON =
            "UPDATE run_meta SET idem_key = NULL, stored = false, answered_at = clock_timestamp() WHERE id = ?";
    private static final String JOINED = "UPDATE run_meta SET clients = clients + 1 WHERE id = ? RETURNING clients";
    private static final String NEWEST_CLIENT = "SELECT clients FROM run_meta WHERE id = ?";
    static final String LIVE = "SELECT count(*) FROM run_meta WHERE tenant = ? AND ended_at IS NULL";

    private RunStatements() {}

    /**
     * Makes the run, or says which one stands in its way.
     *
     * @param retry the SDK's count, 0 for a first attempt
     * @param owner null for a run that any pod may claim
     */
    static InsertResult insert(Connection connection, NewRun run, int retry, @Nullable Long owner) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            bind(connection, insert, run, owner);
            insert.setInt(9, retry);
            try (ResultSet row = insert.executeQuery()) {
                if (row.next()) {
                    return new InsertResult.Made();
                }
            }
        }
        return standing(connection, run);
    }

    /**
     * Repeats an insert whose outcome is unknown, without the keys by which another request could find it: from now on a run with its id
     * exists, whichever attempt made it, and none can come later.
     */
    static void settle(Connection connection, NewRun run, long owner) throws SQLException {
        insert(connection, run.unclaimed(), 0, run.status() == RunStatus.RUNNING ? owner : null);
        try (PreparedStatement update = connection.prepareStatement(ABANDON)) {
            update.setObject(1, run.id());
            update.executeUpdate();
        }
    }

    private static void bind(Connection connection, PreparedStatement insert, NewRun run, @Nullable Long owner)
            throws SQLException {
        insert.setObject(1, run.id());
        insert.setString(2, run.tenant());
        insert.setString(3, run.wire());
        insert.setString(4, run.request());
        insert.setString(5, run.key());
        insert.setString(6, run.hash());
        insert.setBoolean(7, run.stored());
        insert.setObject(8, at(run.createdAt()));
        insert.setInt(10, run.status().code());
        insert.setObject(11, owner, Types.BIGINT);
        insert.setInt(12, run.rows().size());
        insert.setObject(13, at(run.deadline()));
        insert.setInt(14, RunSettings.FORMAT);
        List<Row> rows = run.rows();
        insert.setArray(
                15, connection.createArrayOf("int4", rows.stream().map(Row::seq).toArray()));
        insert.setArray(
                16,
                connection.createArrayOf(
                        "int2", rows.stream().map(row -> row.type().code()).toArray()));
        insert.setArray(
                17,
                connection.createArrayOf("text", rows.stream().map(Row::data).toArray()));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** The same id is an earlier sending of the same insert. */
    private static InsertResult standing(Connection connection, NewRun run) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(STANDING)) {
            select.setObject(1, run.id());
            select.setString(2, run.tenant());
            select.setString(3, run.key());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException(
                            "the run with this key was deleted meanwhile; to be inserted again", "40001");
                }
                UUID id = row.getObject(1, UUID.class);
                return id.equals(run.id())
                        ? new InsertResult.Made()
                        : new InsertResult.Existing(id, run.hash().equals(row.getString(2)));
            }
        }
    }

    static boolean delete(Connection connection, UUID run) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            for (int i = 1; i <= 4; i++) {
                delete.setObject(i, run);
            }
            return found(delete).isPresent();
        }
    }

    static boolean noteHandoff(Connection connection, UUID run, String handoff) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(NOTE)) {
            update.setString(1, handoff);
            update.setObject(2, run);
            update.setString(3, handoff);
            return update.executeUpdate() > 0;
        }
    }

    static Optional<UUID> retried(Connection connection, String tenant, String hash, int retry) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RETRIED)) {
            update.setString(1, tenant);
            update.setString(2, hash);
            update.setInt(3, retry);
            update.setInt(4, retry);
            return found(update);
        }
    }

    static Optional<UUID> underWay(Connection connection, String tenant, String hash) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(UNDER_WAY)) {
            select.setString(1, tenant);
            select.setString(2, hash);
            return found(select);
        }
    }

    static List<UUID> superseded(Connection connection, String tenant, String hash) throws SQLException {
        List<UUID> runs = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SUPERSEDED)) {
            select.setString(1, tenant);
            select.setString(2, hash);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    runs.add(row.getObject(1, UUID.class));
                }
            }
        }
        return runs;
    }

    static boolean expectRetry(Connection connection, UUID run) throws SQLException {
        return update(connection, EXPECT_RETRY, run);
    }

    static boolean answered(Connection connection, UUID run) throws SQLException {
        return update(connection, ANSWERED, run);
    }

    private static boolean update(Connection connection, String statement, UUID run) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(statement)) {
            update.setObject(1, run);
            return update.executeUpdate() > 0;
        }
    }

    /** Repeated, it counts a client that never was: what is asked is whether one came later. */
    static int joined(Connection connection, UUID run) throws SQLException {
        return clients(connection, JOINED, run);
    }

    static int newestClient(Connection connection, UUID run) throws SQLException {
        return clients(connection, NEWEST_CLIENT, run);
    }

    private static int clients(Connection connection, String sql, UUID run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, run);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : -1;
            }
        }
    }

    static int live(Connection connection, String tenant) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LIVE)) {
            select.setString(1, tenant);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static Optional<UUID> found(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
        }
    }
}

package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.TestRuns;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The plans by which PostgreSQL carries out the statements that are sent all the time, beside 200 000 ended runs and 5 000 that wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest {
    private static final int MOST_BUFFERS = 50;
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    private static final String SCAN = "Seq Scan on (runs|run_meta|run_events)";

    private final DataSource database = TestRuns.database();
    private Connection connection;
    private UUID ended;
    private UUID running;

    @BeforeAll
    void fill() throws SQLException {
        connection = database.getConnection();
        String id = "(lpad(to_hex(" + Instant.now().toEpochMilli() + "::bigint + n), 12, '0') || '70008000'"
                + " || lpad(to_hex(n), 12, '0'))::uuid";
        execute("""
                INSERT INTO runs (id, status, owner, epoch, next_seq, deadline, format)
                SELECT %s, CASE WHEN n <= 200000 THEN 3 WHEN n <= 205000 THEN 0 ELSE 1 END,
                  CASE WHEN n > 205000 THEN 7 END, 1, 1, clock_timestamp() + interval '1 h', 1
                FROM generate_series(1, 205100) n""".formatted(id));
        execute("""
                INSERT INTO run_meta (id, tenant, wire, request, req_hash, stored, answered_at, ended_at)
                SELECT id, 't', 'native', '{}', md5(id::text), true, clock_timestamp(),
                  CASE WHEN status = 3 THEN clock_timestamp() END FROM runs""");
        execute(
                "INSERT INTO run_events SELECT id, n, 0, '{}' FROM runs, generate_series(0, 199) n WHERE status = 1 ORDER BY id, n");
        execute("VACUUM (ANALYZE) runs, run_meta, run_events");
        ended = one("SELECT id FROM runs WHERE status = 3 LIMIT 1");
        running = one("SELECT id FROM runs WHERE status = 1 LIMIT 1");
        connection.setAutoCommit(false);
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void claimsAndTheirLooksFindWhatTheySeekByAnIndex() throws SQLException {
        // One each: how they are found is the question, not what it costs to write eight.
        assertCheap(ClaimStatements.FREE, RunSettings.FORMAT, 1, 7L);
        assertCheap(ClaimStatements.FREE_NOW, RunSettings.FORMAT, 32);
        assertCheap(ClaimStatements.FREE_OF, RunSettings.FORMAT, uuids(running, ended), 1, 7L);
        assertCheap(ClaimStatements.OF_DEAD, longs(9L), RunSettings.FORMAT, 1, 7L);
        assertCheap(ClaimStatements.OVERDUE, RunSettings.FORMAT, 1, 7L);
        assertCheap(ClaimStatements.SEIZE, 7L, ended);
        assertCheap(ClaimStatements.OWNED, 9L);
        assertCheap(ClaimStatements.ADOPT, uuids(running), ints(1), 7L, 7L);
        assertCheap(Fleet.LOOK, RunSettings.FORMAT);
        assertCheap(Fleet.KEEP, true, 7L, 7L, RunSettings.FORMAT);
        assertCheap(RunQueries.EPOCHS, uuids(running));
    }

    @Test
    void whatARequestAsksIsFoundByAnIndex() throws SQLException {
        assertCheap(RunQueries.META, uuids(ended));
        assertCheap(RunQueries.HEADS, uuids(ended, running));
        assertCheap(RunQueries.CHANGES, uuids(ended, running), ints(1, 1));
        assertCheap(RunStatements.STANDING, ended, "t", "key");
        assertCheap(RunStatements.RETRIED, "t", "hash", 1, 1);
        assertCheap(RunQueries.CHECKPOINT, 14, running, 100, 14, 10, 12);
        assertCheap(EventReader.READ, ints(0), uuids(running), ints(-1), ints(64));
        assertNoScan(RunStatements.LIVE, "t");
    }

    @Test
    void appendsFindTheirRunsByTheirIds() throws SQLException {
        Array none = connection.createArrayOf("text", new String[] {"{}"});
        Object[] parameters = {
            uuids(running),
            ints(1),
            ints(1),
            ints(1),
            noStatus(),
            7L,
            uuids(running),
            ints(1000),
            shorts((short) 14),
            none
        };
        assertCheap(AppendStatement.UPDATE + AppendStatement.ANSWER, parameters);
        assertCheap(AppendStatement.UPDATE + AppendStatement.ENDED + AppendStatement.ANSWER, parameters);
    }

    private void assertCheap(String sql, Object... parameters) throws SQLException {
        String plan = assertNoScan(sql, parameters);
        Matcher buffers = BUFFERS.matcher(plan);
        int used = 0;
        if (buffers.find()) {
            used = Integer.parseInt(buffers.group(1))
                    + (buffers.group(2) == null ? 0 : Integer.parseInt(buffers.group(2)));
        }
        assertThat(used).as(plan).isLessThanOrEqualTo(MOST_BUFFERS);
    }

    private String assertNoScan(String sql, Object... parameters) throws SQLException {
        StringBuilder plan = new StringBuilder(sql).append('\n');
        try (PreparedStatement explain = connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS) " + sql)) {
            for (int i = 0; i < parameters.length; i++) {
                explain.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        } finally {
            connection.rollback();
        }
        assertThat(plan.toString()).doesNotContainPattern(SCAN);
        return plan.toString();
    }

    private Array uuids(UUID... ids) throws SQLException {
        return connection.createArrayOf("uuid", ids);
    }

    private Array ints(Integer... values) throws SQLException {
        return connection.createArrayOf("int4", values);
    }

    /** One batch that leaves its run's status as it is. */
    private Array noStatus() throws SQLException {
        return connection.createArrayOf("int2", new Object[] {null});
    }

    private Array shorts(Short... values) throws SQLException {
        return connection.createArrayOf("int2", values);
    }

    private Array longs(Long... values) throws SQLException {
        return connection.createArrayOf("int8", values);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private UUID one(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }
}

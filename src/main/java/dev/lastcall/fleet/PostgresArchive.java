package dev.lastcall.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Past drains in PostgreSQL, and the processes that were lost without one. Blocking: a server that falls silent is given up after {@link #SILENCE},
 * whereupon its connection is broken and the pool opens another. A drain that is saved twice is there once, and counted once. Thread-safe.
 */
final class PostgresArchive implements Archive {
    /** Below the release step's own limit, so that the step ends with the driver's words and no thread is left behind in a read. */
    static final Duration SILENCE = Duration.ofMillis(900);

    /** Counted where it is new; a process that ends is not missed, and one that was taken for lost has its drain in that row's place. */
    private static final String SAVE = """
            WITH old AS (DELETE FROM drain_history WHERE ended_at < clock_timestamp() - ? * interval '1 ms'),
            gone AS (DELETE FROM drain_processes WHERE instance = ? AND ?),
            back AS (DELETE FROM drain_history WHERE instance = ? AND generation <> ? AND ending = 'lost'),
            new AS (
              INSERT INTO drain_history AS h (pod, instance, generation, ending, started_at, ended_at, report)
              VALUES (?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (instance, generation) DO UPDATE SET ending = excluded.ending,
                started_at = excluded.started_at, ended_at = excluded.ended_at, report = excluded.report
              WHERE h.ending = 'lost' RETURNING true)
            """ + count("SELECT ?, ?, 1, ?, ?, ?, ? FROM new");

    /**
     * A sign of life; whoever has been silent for a minute gets a row in its place, unless its last drain has one: a sign may have crossed its
     * process' end. Returns the totals as they were. A process that was only slow is not lost any more, but stays counted.
     */
    private static final String SIGN = """
            WITH sign AS (
              INSERT INTO drain_processes AS p (instance, pod, state, trigger, in_flight, since, seen_at)
              VALUES (?, ?, ?, ?, ?, ?, clock_timestamp())
              ON CONFLICT (instance) DO UPDATE SET state = excluded.state, trigger = excluded.trigger,
                in_flight = excluded.in_flight, since = excluded.since, seen_at = excluded.seen_at),
            back AS (DELETE FROM drain_history WHERE instance = ? AND ending = 'lost'),
            silent AS (
              DELETE FROM drain_processes WHERE instance IN (
                SELECT instance FROM drain_processes
                WHERE seen_at < clock_timestamp() - interval '60 s' AND instance <> ? FOR UPDATE SKIP LOCKED)
              RETURNING *),
            lost AS (
              INSERT INTO drain_history (pod, instance, generation, ending, started_at, ended_at, report)
              SELECT pod, instance,
                (SELECT coalesce(max(generation), 0) + 1 FROM drain_history h WHERE h.instance = s.instance),
                'lost', since, seen_at, json_build_object('state', state,
                  'triggers', CASE trigger WHEN 'none' THEN '[]'::json ELSE json_build_array(trigger) END,
                  'in-flight', in_flight)
              FROM silent s
              WHERE NOT EXISTS (SELECT FROM drain_history h WHERE h.instance = s.instance AND h.ending = 'ended')
              ON CONFLICT DO NOTHING RETURNING instance),
            counted AS (
            """
            + count(
                    "SELECT trigger, 'lost', count(*), 0, 0, 0, 0 FROM silent JOIN lost USING (instance) GROUP BY trigger")
            + ") SELECT trigger, exit, drains, cut, rejected, runs_lost, release_timeouts FROM drain_totals";

    private static final String FIND = """
            SELECT pod, instance, generation, ending, started_at, ended_at, report FROM drain_history
            WHERE (?::text IS NULL OR pod = ?) AND ended_at >= ? ORDER BY ended_at DESC LIMIT ?""";

    private final DataSource source;
    private final Duration retention;

    PostgresArchive(DataSource source, Duration retention) {
        this.source = source;
        this.retention = retention;
    }

    private static String count(String rows) {
        return "INSERT INTO drain_totals AS t (trigger, exit, drains, cut, rejected, runs_lost, release_timeouts) "
                + rows
                + " ON CONFLICT (trigger, exit) DO UPDATE SET drains = t.drains + excluded.drains,"
                + " cut = t.cut + excluded.cut, rejected = t.rejected + excluded.rejected,"
                + " runs_lost = t.runs_lost + excluded.runs_lost,"
                + " release_timeouts = t.release_timeouts + excluded.release_timeouts";
    }

    @Override
    public void save(PastDrain drain) throws SQLException {
        DrainCount count = DrainCount.of(drain);
        call(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
                return new Parameters(insert)
                        .add(retention.toMillis())
                        .add(drain.instance())
                        .add(drain.ending() == PastDrain.Ending.ENDED)
                        .add(drain.instance())
                        .add(drain.generation())
                        .add(drain.pod())
                        .add(drain.instance())
                        .add(drain.generation())
                        .add(drain.ending().key())
                        .add(Timestamp.from(drain.startedAt()))
                        .add(Timestamp.from(drain.endedAt()))
                        .add(drain.report().encode())
                        .add(count.trigger())
                        .add(count.exit())
                        .add(count.cut())
                        .add(count.rejected())
                        .add(count.runsLost())
                        .add(count.releaseTimeouts())
                        .statement()
                        .executeUpdate();
            }
        });
    }

    @Override
    public List<DrainCount> sign(ProcessSign sign) throws SQLException {
        String instance = sign.identity().instance();
        return call(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SIGN);
                    ResultSet rows = new Parameters(statement)
                            .add(instance)
                            .add(sign.identity().pod())
                            .add(sign.state())
                            .add(sign.trigger())
                            .add(sign.inFlight())
                            .add(Timestamp.from(sign.since()))
                            .add(instance)
                            .add(instance)
                            .statement()
                            .executeQuery()) {
                List<DrainCount> counts = new ArrayList<>();
                while (rows.next()) {
                    counts.add(new DrainCount(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getLong(6),
                            rows.getLong(7)));
                }
                return counts;
            }
        });
    }

    @Override
    public List<PastDrain> find(HistoryQuery query) throws SQLException {
        return call(connection -> {
            try (PreparedStatement select = connection.prepareStatement(FIND)) {
                select.setString(1, query.pod());
                select.setString(2, query.pod());
                select.setTimestamp(3, Timestamp.from(query.since() == null ? Instant.EPOCH : query.since()));
                select.setInt(4, query.limit());
                try (ResultSet rows = select.executeQuery()) {
                    List<PastDrain> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(drainIn(rows));
                    }
                    return found;
                }
            }
        });
    }

    private static PastDrain drainIn(ResultSet row) throws SQLException {
        return new PastDrain(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                PastDrain.Ending.of(row.getString(4)),
                row.getTimestamp(5).toInstant(),
                row.getTimestamp(6).toInstant(),
                report(row.getString(7)));
    }

    /** Reads a report; a row that somebody has spoilt is marked as unreadable, so that it does not hide the others. */
    private static JsonObject report(String written) {
        try {
            return new JsonObject(written);
        } catch (DecodeException e) {
            return new JsonObject().put("unreadable", true);
        }
    }

    private <T> T call(Statements<T> statements) throws SQLException {
        try (Connection connection = source.getConnection()) {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
            try {
                return statements.on(connection);
            } finally {
                giveBack(connection, before);
            }
        }
    }

    /** The pool keeps what was set. */
    private static void giveBack(Connection connection, int networkTimeout) {
        try {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        } catch (SQLException e) {
            // It was given up, and the pool finds it closed.
        }
    }

    /** The parameters of a statement, in their order. */
    private static final class Parameters {
        private final PreparedStatement statement;
        private int count;

        Parameters(PreparedStatement statement) {
            this.statement = statement;
        }

        Parameters add(Object value) throws SQLException {
            statement.setObject(++count, value);
            return this;
        }

        PreparedStatement statement() {
            return statement;
        }
    }

    private interface Statements<T> {
        T on(Connection connection) throws SQLException;
    }
}

package dev.lastcall.run;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.postgres.Partitions;
import dev.lastcall.run.postgres.RunSettings;
import dev.lastcall.testing.OrphanReaper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL for the whole JVM, with a database for each test that asks, and helpers that the log's tests share. */
public final class TestRuns {
    private static final Logger LIBRARY = Logger.getLogger("io.zonky.test");
    private static @Nullable EmbeddedPostgres server;
    private static int databases;

    private TestRuns() {}

    /** An empty database with the schema and today's partitions. */
    public static synchronized DataSource database() {
        try {
            DataSource database = emptyDatabase();
            try (Connection connection = database.getConnection()) {
                Partitions.make(connection, Instant.now());
            }
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An empty database with the schema alone. */
    public static synchronized DataSource emptyDatabase() {
        try {
            EmbeddedPostgres running = running();
            databases++;
            String name = "runs" + databases;
            execute(running.getPostgresDatabase(), "CREATE DATABASE " + name);
            DataSource database = running.getDatabase("postgres", name);
            execute(database, schema("V1__runs.sql"));
            execute(database, schema("V2__fleet.sql"));
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres running() throws IOException {
        EmbeddedPostgres current = server;
        if (current == null) {
            LIBRARY.setLevel(Level.OFF);
            current = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            server = current;
            OrphanReaper.watchChildren();
        }
        return current;
    }

    private static String schema(String migration) throws IOException {
        try (var file = TestRuns.class.getResourceAsStream("/db/migration/" + migration)) {
            if (file == null) {
                throw new IllegalStateException("no schema (expected: db/migration/" + migration + ")");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static void execute(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of all rows. */
    public static List<String> query(DataSource database, String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return values;
    }

    public static String one(DataSource database, String sql) {
        List<String> values = query(database, sql);
        if (values.size() != 1) {
            throw new AssertionError(sql + ": " + values + " (expected: one row)");
        }
        return values.get(0);
    }

    public static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, SECONDS);
    }

    public static RunSettings settings() {
        return new RunSettings(
                Duration.ofHours(24), Duration.ofHours(1), 500, Duration.ofSeconds(10), 1, Duration.ofMillis(5), 0);
    }

    public static RunSettings leaseOf(Duration lease) {
        return new RunSettings(Duration.ofHours(24), Duration.ofHours(1), 500, lease, 1, Duration.ofMillis(5), 0);
    }

    public static UUID newId() {
        return RunId.at(System.currentTimeMillis());
    }

    public static NewRun newRun(UUID id, RunStatus status) {
        return newRun(id, status, null);
    }

    public static NewRun newRun(UUID id, RunStatus status, @Nullable String key) {
        Instant now = Instant.now();
        List<Row> rows = List.of(new Row(0, EventType.CREATED, "{}"));
        return new NewRun(id, "tenant", "native", "{}", key, "hash", true, now, now.plusSeconds(3600), status, rows);
    }

    public static List<Row> tokens(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(seq -> new Row(seq, EventType.OUTPUT_TEXT_DELTA, "\"" + seq + " \""))
                .toList();
    }

    public static Batch batch(UUID run, int epoch, int expected, int count) {
        return new Batch(run, epoch, expected, tokens(expected, count), null);
    }

    /** Whether every log in the database is without a gap and as long as its run says. */
    public static boolean logsAreWhole(DataSource database) {
        return one(database, """
                SELECT count(*) FROM runs r WHERE (SELECT count(*) <> r.next_seq OR coalesce(max(seq), -1) + 1 <> r.next_seq
                FROM run_events e WHERE e.run_id = r.id)""").equals("0");
    }
}

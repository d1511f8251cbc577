package dev.lastcall.run;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A PostgreSQL under measurement, as safe as in production, with the schema. */
final class Server implements AutoCloseable {
    private static final long TICK_MILLIS = 10;
    private static final Logger LIBRARY = Logger.getLogger("io.zonky.test");

    private final EmbeddedPostgres postgres;
    private final long postmaster;

    private Server(EmbeddedPostgres postgres, long postmaster) {
        this.postgres = postgres;
        this.postmaster = postmaster;
    }

    static Server start() throws IOException, SQLException {
        return start(100);
    }

    static Server start(int connections) throws IOException, SQLException {
        LIBRARY.setLevel(Level.OFF);
        Path data = Files.createTempDirectory("lastcall-bench");
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_connections", Integer.toString(connections))
                .setServerConfig("max_wal_size", "1GB")
                .start();
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        TestRuns.execute(postgres.getPostgresDatabase(), schema("V1__runs.sql"));
        TestRuns.execute(postgres.getPostgresDatabase(), schema("V2__fleet.sql"));
        return new Server(postgres, pid);
    }

    private static String schema(String migration) throws IOException {
        try (var in = Server.class.getResourceAsStream("/db/migration/" + migration)) {
            if (in == null) {
                throw new IOException("db/migration/" + migration + ": missing (expected: on the class path)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    DataSource database() {
        return postgres.getPostgresDatabase();
    }

    String description() throws SQLException {
        try (Connection connection = database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_setting('server_version') || ', fsync '"
                                + " || current_setting('fsync') || ', wal_sync_method ' || current_setting('wal_sync_method')")) {
            row.next();
            return row.getString(1);
        }
    }

    /** User and system time of all its processes so far, the ended ones included; /proc counts it in steps of 10 ms. */
    Duration cpu() throws IOException {
        return cpuOf(postmaster);
    }

    /** The same of any process. */
    static Duration cpuOf(long pid) throws IOException {
        long ticks = ticks(pid, true);
        List<ProcessHandle> children =
                ProcessHandle.of(pid).orElseThrow().descendants().toList();
        for (ProcessHandle child : children) {
            ticks += ticks(child.pid(), false);
        }
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }

    private static long ticks(long pid, boolean withEnded) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(stat)) {
            return 0;
        }
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return withEnded ? ticks + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : ticks;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}

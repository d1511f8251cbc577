package dev.lastcall.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A PostgreSQL and a Redis of a test's own, which it may cut off: both come back on the same port, PostgreSQL with its data. Not
 * thread-safe.
 */
public final class Databases implements AutoCloseable {

    /** Silent: forty lines for each start, and a stack trace for a stop after a kill. The field keeps the level from being collected. */
    private static final Logger LIBRARY = Logger.getLogger("io.zonky.test");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path data;
    private final int postgresPort;
    private final Scope scope = Scope.innermost();
    private final RedisProcess redis = RedisProcess.start();
    private List<ProcessHandle> frozen = List.of();
    private EmbeddedPostgres postgres;

    private Databases() throws IOException {
        LIBRARY.setLevel(Level.OFF);
        data = Files.createTempDirectory("lastcall-postgresql");
        postgresPort = FreePort.next();
        postgres = newPostgres();
    }

    public static Databases start() {
        try {
            return new Databases();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the settings that point an application at both. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://localhost:" + postgresPort + "/postgres",
                "quarkus.datasource.username",
                "postgres",
                "quarkus.datasource.password",
                "postgres",
                "quarkus.redis.hosts",
                redis.url());
    }

    /** Returns the port of PostgreSQL, now and after each restart. */
    public int postgresPort() {
        return postgresPort;
    }

    /** Returns a data source for the test itself. */
    public DataSource postgres() {
        return postgres.getPostgresDatabase();
    }

    public RedisProcess redis() {
        return redis;
    }

    /** A fast shutdown: clients get an error and their connections close. */
    public void stopPostgres() {
        run(() -> {
            thaw();
            postgres.close();
        });
    }

    /** SIGKILL to the postmaster and its children: connections break, and what was not committed is lost. */
    public void killPostgres() {
        run(() -> {
            thaw();
            ProcessHandle postmaster = postmaster();
            var family = postmaster.descendants().toList();
            postmaster.destroyForcibly();
            family.forEach(ProcessHandle::destroyForcibly);
            // A child that outlives the postmaster holds its shared memory, and the next postmaster refuses to start.
            family.forEach(child -> child.onExit().join());
            postmaster.onExit().join();
            postgres.close();
        });
    }

    /** SIGSTOP to the postmaster and its children: connections stay, and nobody answers on them. Until the next thaw, stop, kill or close. */
    public void freezePostgres() {
        run(() -> {
            frozen = Stream.concat(Stream.of(postmaster()), postmaster().descendants())
                    .toList();
            signal("STOP", frozen);
        });
    }

    /** SIGCONT to those that were stopped. */
    public void thawPostgres() {
        thaw();
    }

    private void thaw() {
        signal("CONT", frozen);
        frozen = List.of();
    }

    /** One after the other in one process; some may have ended meanwhile. */
    private static void signal(String name, List<ProcessHandle> processes) {
        if (!processes.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("kill", "-" + name));
            processes.forEach(each -> words.add(Long.toString(each.pid())));
            try (ChildProcess kill = ChildProcess.start(Command.of(words))) {
                kill.exitCode(LIMIT);
            }
        }
    }

    private ProcessHandle postmaster() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0));
        return ProcessHandle.of(pid).orElseThrow();
    }

    /** After a stop or a kill: the same port and data. */
    public void restartPostgres() {
        run(() -> postgres = newPostgres());
    }

    @Override
    public void close() {
        redis.close();
        stopPostgres();
        run(() -> {
            try (var files = Files.walk(data)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        });
    }

    private EmbeddedPostgres newPostgres() throws IOException {
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(postgresPort)
                // The library's default is off: a kill would lose what was committed.
                .setServerConfig("synchronous_commit", "on")
                .start();
        scope.add(ProcessFamily.of(postmaster()));
        OrphanReaper.watchChildren();
        return started;
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Action {
        void run() throws IOException;
    }
}

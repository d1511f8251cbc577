package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.FreePort;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Runs behind PgBouncer in transaction mode, where it is installed. */
class PoolerTest {
    private final DataSource database = TestRuns.database();

    @TempDir
    Path directory;

    @Test
    void runsMoveBetweenPodsAndNothingIsLeftOnTheServersConnections() throws Exception {
        int port = FreePort.next();
        try (ChildProcess pooler = ChildProcess.start(
                Command.of(pgbouncer(), "-u", "nobody", configuration(port).toString()))) {
            DataSource pooled = pooled(port);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(one(pooled, "SELECT 1")).isEqualTo("1"));
            try (TestPod first = TestPod.start(pooled);
                    TestPod second = TestPod.start(pooled)) {
                UUID run = newId();
                first.begin(newRun(run, RunStatus.RUNNING));
                for (int i = 0; i < 20; i++) {
                    assertThat(await(first.log().append(TestRuns.batch(run, 1, 1 + 3 * i, 3))))
                            .isEqualTo(new AppendResult.Committed());
                }
                first.ownership().pause();
                await(first.log().append(new Batch(run, 1, 61, List.of(), RunStatus.HANDOFF)));
                assertThat(second.awaitClaim(run).epoch()).isEqualTo(2);
                assertThat(await(second.log().append(TestRuns.batch(run, 2, 61, 3))))
                        .isEqualTo(new AppendResult.Committed());
                for (int i = 0; i < 10; i++) {
                    assertThat(one(pooled, "SHOW lock_timeout")).isEqualTo("0");
                    assertThat(one(pooled, "SHOW statement_timeout")).isEqualTo("0");
                }
                assertThat(one(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                        .isEqualTo("0");
            }
            assertThat(TestRuns.logsAreWhole(database)).isTrue();
            assertThat(pooler.isRunning()).isTrue();
        }
    }

    /** Returns the path of PgBouncer by {@code -Dlastcall.pgbouncer}, else where Debian puts it. */
    private static String pgbouncer() {
        String found = Stream.of(System.getProperty("lastcall.pgbouncer", ""), "/usr/sbin/pgbouncer")
                .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("");
        assumeTrue(!found.isEmpty(), "pgbouncer is not installed");
        return found;
    }

    private Path configuration(int port) throws Exception {
        URI server;
        try (Connection connection = database.getConnection()) {
            server = URI.create(connection.getMetaData().getURL().substring("jdbc:".length()));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path users = Files.writeString(directory.resolve("users.txt"), "\"postgres\" \"postgres\"\n");
        return Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                runs = host=localhost port=%d dbname=%s user=postgres password=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = plain
                auth_file = %s
                pool_mode = transaction
                default_pool_size = 3
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        server.getPort(), server.getPath().substring(1), port, users));
    }

    private static DataSource pooled(int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("runs");
        source.setUser("postgres");
        source.setPassword("postgres");
        source.setPrepareThreshold(0);
        return source;
    }
}

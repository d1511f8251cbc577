package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.TestRuns;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions on the pool that the application has. */
class PoolTest {
    private final DataSource database = TestRuns.database();
    private AgroalDataSource pool;

    @BeforeEach
    void open() throws Exception {
        String url;
        try (Connection connection = database.getConnection()) {
            url = connection.getMetaData().getURL();
        }
        pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled(true)
                .connectionPoolConfiguration(pools -> pools.maxSize(2)
                        .acquisitionTimeout(Duration.ofSeconds(5))
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                                .principal(new NamePrincipal("postgres"))
                                .credential(new SimplePassword("postgres")))));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void connectionThatLeadsToAReadOnlyServerIsNotGivenOutAgain() throws Exception {
        String name = TestRuns.one(database, "SELECT current_database()");
        try (Session session = new Session("test", pool)) {
            int first = await(session.submit(PoolTest::backend));
            assertThat(await(session.submit(PoolTest::backend))).isEqualTo(first);
            TestRuns.execute(database, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            // More often than the pool has places.
            for (int i = 0; i < 5; i++) {
                assertThat(session.submit(connection -> {
                                    try (var statement = connection.createStatement()) {
                                        statement.execute("SET default_transaction_read_only = on");
                                        return statement.executeUpdate("UPDATE fleet SET live = live");
                                    }
                                })
                                .handle((count, failure) -> failure))
                        .succeedsWithin(Duration.ofSeconds(30))
                        .satisfies(failure -> assertThat(stateOf(failure)).isEqualTo("25006"));
            }
            TestRuns.execute(
                    database,
                    "BEGIN READ WRITE; ALTER DATABASE " + name + " RESET default_transaction_read_only; COMMIT");
            assertThat(await(session.submit(PoolTest::backend))).isNotEqualTo(first);
            assertThat(pool.getMetrics().activeCount()).isEqualTo(1);
        }
    }

    @Test
    void onlyTheOwnFaultsOfDataArePutDownToIt() {
        assertThat(SqlFailure.of(new SQLException("", "55P03"))).isEqualTo(SqlFailure.WAITING);
        assertThat(SqlFailure.of(new SQLException("", "57014"))).isEqualTo(SqlFailure.WAITING);
        assertThat(SqlFailure.of(new SQLException("", "40P01"))).isEqualTo(SqlFailure.WAITING);
        assertThat(SqlFailure.of(new SQLException("", "53100"))).isEqualTo(SqlFailure.WAITING);
        assertThat(SqlFailure.of(new SQLException("", "22021"))).isEqualTo(SqlFailure.CULPRIT);
        assertThat(SqlFailure.of(new SQLException("", "23505"))).isEqualTo(SqlFailure.CULPRIT);
        assertThat(SqlFailure.of(new SQLException("", "54000"))).isEqualTo(SqlFailure.CULPRIT);
        assertThat(SqlFailure.of(new SQLException("", "25006"))).isEqualTo(SqlFailure.BROKEN);
        assertThat(SqlFailure.of(new SQLException("", "57P01"))).isEqualTo(SqlFailure.BROKEN);
        assertThat(SqlFailure.of(new SQLException("", "08006"))).isEqualTo(SqlFailure.BROKEN);
        assertThat(SqlFailure.of(new SQLException(""))).isEqualTo(SqlFailure.BROKEN);
    }

    @Test
    void requestsBehindAStatementThatHangsAreRefusedInTimeAndThoseOfClientsThatLeftAreNotBegun() throws Exception {
        PrimaryConnections connections = new PrimaryConnections(pool);
        Session.Queue queue = new Session.Queue(Duration.ofMillis(500), 2);
        AtomicBoolean begun = new AtomicBoolean();
        try (Session session = new Session("test", connections, queue)) {
            var unused = session.submit(connection -> {
                try (var statement = connection.createStatement()) {
                    return statement.execute("SELECT pg_sleep(3)");
                }
            });
            var old = session.request(connection -> begun.getAndSet(true));
            var left = session.request(connection -> begun.getAndSet(true), () -> false);
            var tooMany = session.request(connection -> begun.getAndSet(true));
            assertThat(tooMany.toCompletableFuture()).isCompletedExceptionally();
            assertThat(old.handle((done, failure) -> stateOf(failure)))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo("57014");
            assertThat(left.handle((done, failure) -> stateOf(failure)))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo("57014");
            assertThat(begun).isFalse();
        }
        try (Session session = new Session("test", connections, new Session.Queue(Duration.ofSeconds(8), 2))) {
            var unused = session.submit(connection -> {
                try (var statement = connection.createStatement()) {
                    return statement.execute("SELECT pg_sleep(3)");
                }
            });
            var gone = session.request(connection -> begun.getAndSet(true), () -> false);
            var waiting = session.request(PoolTest::backend);
            assertThat(gone.handle((done, failure) -> stateOf(failure)))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo("57014");
            assertThat(waiting.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(30));
            assertThat(begun).isFalse();
        }
    }

    private static int backend(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String stateOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return ((SQLException) Objects.requireNonNull(cause)).getSQLState();
    }
}

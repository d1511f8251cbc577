package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.run.TestRuns;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The rights and abilities that a database and its user must have, each refusal with what is to be done. */
class DatabaseCheckTest {
    private final DataSource database = TestRuns.database();
    private final String role = "app_" + UUID.randomUUID().toString().substring(0, 8);

    @AfterEach
    void forget() {
        TestRuns.execute(database, "DROP OWNED BY " + role + "; DROP ROLE " + role);
    }

    @Test
    void userThatOnlyReadsAndWritesNeedsPartitionsOfOthers() throws SQLException {
        make("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
        assertThatThrownBy(() -> DatabaseCheck.rights(as(role), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PostgreSQL: user and schema " + role + ", public: may not make partitions of run_events"
                        + " (expected: the owner of the tables, with CREATE on their schema: the log gets a partition a day); grant it,"
                        + " or set lastcall.run.partitions=external and run src/docs/partitions.sql every day");
        assertThatCode(() -> DatabaseCheck.rights(as(role), false)).doesNotThrowAnyException();
    }

    @Test
    void userWhoMayCreateAndOwnsNothingIsRefusedToo() throws SQLException {
        make("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role + "; GRANT CREATE ON SCHEMA public TO " + role);
        assertThatThrownBy(() -> DatabaseCheck.rights(as(role), true)).hasMessageContaining("the owner of the tables");
    }

    @Test
    void ownerWhoMayNotCreateInTheSchemaIsRefusedToo() throws SQLException {
        make("REVOKE CREATE ON SCHEMA public FROM public; ALTER TABLE run_events OWNER TO " + role);
        assertThatThrownBy(() -> DatabaseCheck.rights(as(role), true))
                .hasMessageContaining("with CREATE on their schema");
        TestRuns.execute(database, "GRANT CREATE ON SCHEMA public TO " + role);
        assertThatCode(() -> DatabaseCheck.rights(as(role), true)).doesNotThrowAnyException();
    }

    @Test
    void schemaThatDoesNotExistIsNamedByItsKey() throws SQLException {
        make("ALTER ROLE " + role + " SET search_path = nowhere");
        assertThatThrownBy(() -> DatabaseCheck.version(as(role)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lastcall.run.schema");
    }

    /** A standby may become a primary: it is waited for, and not refused. */
    @Test
    void serverThatOnlyReadsIsWaitedFor() throws SQLException {
        make("ALTER ROLE " + role + " SET default_transaction_read_only = on");
        assertThatThrownBy(() -> DatabaseCheck.version(as(role)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
    }

    @Test
    void serverThatIsTooOldIsRefused() throws SQLException {
        make("");
        assertThatThrownBy(() -> DatabaseCheck.version(ofVersion(13)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 13 (expected: >= 14");
        assertThatCode(() -> DatabaseCheck.version(ofVersion(14))).doesNotThrowAnyException();
    }

    private void make(String rights) {
        TestRuns.execute(database, "CREATE ROLE " + role + " LOGIN; " + rights);
    }

    private DataSource as(String user) throws SQLException {
        try (Connection connection = database.getConnection()) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(connection.getMetaData().getURL().replaceFirst("([?&])user=[^&]*", "$1"));
            source.setUser(user);
            return source;
        }
    }

    /** The same database as a server of this version calls itself. */
    private DataSource ofVersion(int major) {
        return intercept(
                DataSource.class,
                database,
                "getConnection",
                real -> intercept(
                        Connection.class,
                        (Connection) real,
                        "getMetaData",
                        data -> intercept(
                                DatabaseMetaData.class,
                                (DatabaseMetaData) data,
                                "getDatabaseMajorVersion",
                                was -> major)));
    }

    private interface Change {
        Object of(Object result);
    }

    private static <T> T intercept(Class<T> type, T target, String method, Change change) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Object result = called.invoke(target, arguments);
                    return called.getName().equals(method) ? change.of(result) : result;
                }));
    }
}

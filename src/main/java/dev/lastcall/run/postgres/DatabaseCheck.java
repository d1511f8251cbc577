package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Whether a database can hold runs: its version, and what this user may do in it. Each refusal says what to do. */
public final class DatabaseCheck {
    /** DETACH CONCURRENTLY and idle_session_timeout came with it. */
    private static final int OLDEST = 14;

    private static final String SCHEMA = "SELECT current_schema(), current_user";
    private static final String CREATES = "SELECT has_schema_privilege(current_schema(), 'CREATE')";
    private static final String OWNS =
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('run_events')";

    private DatabaseCheck() {}

    /** Checks the version, before the migrations. */
    public static void version(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new IllegalArgumentException("PostgreSQL: version " + version + " (expected: >= " + OLDEST
                        + ", whose partitions can be detached while runs are written); use a newer server");
            }
            if (!one(connection, "SELECT current_schema() IS NOT NULL")) {
                throw new IllegalArgumentException(
                        "PostgreSQL: no schema of this user's search_path exists (expected: one; set"
                                + " lastcall.run.schema to the one to use, or create it)");
            }
            if (one(connection, "SELECT current_setting('transaction_read_only') = 'on'")) {
                throw SqlFailure.readOnly();
            }
        }
    }

    /**
     * Checks the role's rights, after the migrations.
     *
     * @param makesPartitions whether this service is to make the log's partitions
     */
    public static void rights(DataSource source, boolean makesPartitions) throws SQLException {
        if (!makesPartitions) {
            return;
        }
        try (Connection connection = source.getConnection()) {
            if (!one(connection, CREATES) || !one(connection, OWNS)) {
                throw new IllegalArgumentException("PostgreSQL: user and schema " + where(connection)
                        + ": may not make partitions of run_events (expected: the owner of the tables, with CREATE on their schema: the"
                        + " log gets a partition a day); grant it, or set lastcall.run.partitions=external and run"
                        + " src/docs/partitions.sql every day");
            }
        }
    }

    private static String where(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SCHEMA)) {
            row.next();
            return row.getString(2) + ", " + row.getString(1);
        }
    }

    private static boolean one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }
}

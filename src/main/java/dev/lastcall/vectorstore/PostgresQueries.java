package dev.lastcall.vectorstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Statements of PostgreSQL with their values, and the rows that they return. Thread-safe. */
record PostgresQueries(DataSource source) {
    @FunctionalInterface
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Runs a statement as a transaction of its own. */
    <T> List<T> query(Row<T> read, String sql, @Nullable Object... values) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return query(connection, read, sql, values);
        }
    }

    static <T> List<T> query(Connection connection, Row<T> read, String sql, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                // PostgreSQL keeps no NUL in a text: such an id is nobody's, and no reason to call the database
                // unreachable.
                statement.setObject(i + 1, values[i] instanceof String text ? text.replace('\0', '\uFFFD') : values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(read.of(rows));
                }
                return found;
            }
        }
    }

    /** Whether a statement with RETURNING, or a SELECT, has a row. */
    boolean any(String sql, @Nullable Object... values) throws SQLException {
        return !query(row -> true, sql, values).isEmpty();
    }

    long count(String sql, String tenant) throws SQLException {
        return query(row -> row.getLong(1), sql, tenant).get(0);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

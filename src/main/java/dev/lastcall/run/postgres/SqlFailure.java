package dev.lastcall.run.postgres;

import java.sql.SQLException;
import java.util.Set;

/** The kinds of failed statements, by SQLSTATE: what is known of the statement and of its connection. */
enum SqlFailure {
    /** Rolled back for no fault of its own: a lock, a deadlock, a statement that took too long, a full server. The same may succeed later. */
    WAITING,
    /** Rolled back because of its own data, which no repetition changes. */
    CULPRIT,
    /** The connection cannot be used any more, or its server cannot write. The statement is committed or not. Also whatever else. */
    BROKEN;

    /** Data exceptions, integrity constraints, limits of the program. */
    private static final Set<String> OWN_FAULT = Set.of("22", "23", "54");
    /** Transactions rolled back, resources, objects that are in use. */
    private static final Set<String> PASSING = Set.of("40", "53", "55");

    private static final String READ_ONLY = "25006";
    private static final String CANCELED = "57014";

    static SqlFailure of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return BROKEN;
        }
        String kind = state.substring(0, 2);
        if (OWN_FAULT.contains(kind)) {
            return CULPRIT;
        }
        return PASSING.contains(kind) || state.equals(CANCELED) ? WAITING : BROKEN;
    }

    /** Whether the statement took too long or was cancelled, so that a smaller one may succeed. */
    static boolean isCanceled(SQLException failure) {
        return CANCELED.equals(failure.getSQLState());
    }

    /** Whether this is a standby, or a primary that became one. */
    static boolean isReadOnly(SQLException failure) {
        return READ_ONLY.equals(failure.getSQLState());
    }

    static SQLException readOnly() {
        return new SQLException("PostgreSQL is read-only (expected: the primary)", READ_ONLY);
    }
}

package dev.lastcall.run.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a failed statement says about what became of it. */
enum SqlFailure {
    /** Rolled back for no fault of its own, a deadlock: send it again. */
    RETRY,
    /** Rolled back because of one of its rows: data that cannot be stored, or a lock that was held too long. */
    CULPRIT,
    /** Committed or not: the answer was lost. Also whatever else, which sending the same again cannot make worse. */
    UNKNOWN;

    static SqlFailure of(SQLException failure) {
        String state = stateOf(failure);
        if (state == null) {
            return UNKNOWN;
        }
        if (state.equals("40P01") || state.equals("40001")) {
            return RETRY;
        }
        return state.equals(LOCK_NOT_AVAILABLE) || state.startsWith("22") || state.startsWith("23") ? CULPRIT : UNKNOWN;
    }

    /** Whether it failed for a lock that somebody else held. */
    static boolean isLocked(SQLException failure) {
        return LOCK_NOT_AVAILABLE.equals(stateOf(failure));
    }

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static @Nullable String stateOf(SQLException failure) {
        return failure.getSQLState();
    }
}

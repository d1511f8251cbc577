package dev.lastcall.run.log;

import java.util.UUID;

/** A log that lost or gained rows under one and the same owner, as after a fail-over to a standby that lagged. */
public final class LogRegression extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LogRegression(UUID run, int found, int expected) {
        super("run " + run + ": next_seq " + found + " (expected: " + expected
                + "); the log went back or was written by others");
    }
}

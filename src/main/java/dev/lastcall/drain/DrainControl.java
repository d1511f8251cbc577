package dev.lastcall.drain;

import java.util.Optional;

/** The drain of this process, for application code: to look at, to start, to undo, and to take part in. Thread-safe. */
public interface DrainControl {
    /** The stage that the drain is in. */
    DrainState state();

    /**
     * Begins work that no request brought: a scheduled job, a message of a queue. It is counted as in flight until it is closed, so the
     * process waits for it.
     *
     * @param name as the report is to call it, if it had to be cut
     * @return to be closed when the work is done; empty where the process takes no new work any more
     */
    Optional<CountedWork> begin(String name);

    /**
     * Starts a drain as an operator does: not ready, no deadline, and the process goes on until it is told to end.
     *
     * @param reason for the log and the report
     */
    void drain(String reason);

    /** Undoes the drain; returns whether the process serves again, or still does. */
    boolean undrain();
}

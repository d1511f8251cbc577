package dev.lastcall.run.event;

/** The status of a run; the log stores its code. */
public enum RunStatus {
    /** Waits for its first owner. */
    QUEUED(0),
    /** A pod owns and executes it. */
    RUNNING(1),
    /** Was given away in the middle and waits for its next owner. */
    HANDOFF(2),
    COMPLETED(3),
    FAILED(4),
    CANCELLED(5),
    INCOMPLETE(6);

    private final int code;

    RunStatus(int code) {
        this.code = code;
    }

    /**
     * The status of a code.
     *
     * @throws IllegalArgumentException where no status has it
     */
    public static RunStatus of(int code) {
        for (RunStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("run status: " + code + " (expected: 0 to " + INCOMPLETE.code + ")");
    }

    public int code() {
        return code;
    }

    /** Whether nothing is appended any more. */
    public boolean isTerminal() {
        return code >= COMPLETED.code;
    }

    /** Whether anybody may claim the run. */
    boolean isFree() {
        return this == QUEUED || this == HANDOFF;
    }
}

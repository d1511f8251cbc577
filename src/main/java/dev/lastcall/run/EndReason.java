package dev.lastcall.run;

/** The reason why a run ended. */
public enum EndReason {
    /** The model said all it had to say. */
    COMPLETED("completed"),
    /** The model failed. */
    FAILED("failed"),
    /** Its client left. */
    CANCELLED("cancelled"),
    /** The pod ends before the run does. */
    SHUTDOWN("shutdown");

    private final String key;

    EndReason(String key) {
        this.key = key;
    }

    /** The word on the wire. */
    public String key() {
        return key;
    }
}

package dev.lastcall.problem;

/** A request's body that is not JSON in UTF-8. */
public final class MalformedJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Fault fault;

    MalformedJson(Fault fault) {
        // No stack trace: it is an answer and no failure of ours.
        super("body: " + fault, null, false, false);
        this.fault = fault;
    }

    /** Returns the fault of the body. */
    public Fault fault() {
        return fault;
    }

    /** The first thing that is wrong with a body. */
    public enum Fault {
        /** Its bytes are not UTF-8. */
        NOT_UTF8,
        /** Its text is not JSON. */
        NOT_JSON
    }
}

package dev.lastcall.problem;

/** A request's body that is longer than it may be; nothing of it was kept. */
public final class BodyTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int limit;

    BodyTooLarge(int limit) {
        // No stack trace: it is an answer and no failure of ours.
        super("body: longer than " + limit + " bytes", null, false, false);
        this.limit = limit;
    }

    /** The most that it may be, in bytes. */
    public int limit() {
        return limit;
    }
}

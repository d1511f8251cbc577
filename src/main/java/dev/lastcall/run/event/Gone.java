package dev.lastcall.run.event;

/** Thrown when a run, or a part of its log, has been deleted, so that a cut stream of it cannot be resumed. */
public final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Gone(String message) {
        super(message, null, false, false);
    }
}

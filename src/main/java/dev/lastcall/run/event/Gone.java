package dev.lastcall.run.event;

/** The run, or a part of its log, is not there any more: what was cut off here cannot be gone on with. */
public final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Gone(String message) {
        super(message, null, false, false);
    }
}

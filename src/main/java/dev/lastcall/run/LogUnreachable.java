package dev.lastcall.run;

/** The log did not answer, so that nothing can be said of a run; the same request may succeed later. */
public final class LogUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogUnreachable(Throwable cause) {
        super("the run log cannot be reached", cause);
    }
}

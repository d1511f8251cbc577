package dev.lastcall.run;

/** A limit forbids another run now; the same request may succeed once one has ended. */
public final class TooManyRuns extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message which limit, what was expected and what to do */
    TooManyRuns(String message) {
        super(message, null, false, false);
    }
}

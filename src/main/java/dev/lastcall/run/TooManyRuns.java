package dev.lastcall.run;

/** A limit forbids another run now; the same request may succeed once one has ended. */
public final class TooManyRuns extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String detail;

    TooManyRuns(String detail) {
        super(detail, null, false, false);
        this.detail = detail;
    }

    /** Returns which limit was reached and what to do. */
    public String detail() {
        return detail;
    }
}

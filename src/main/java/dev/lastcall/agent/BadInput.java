package dev.lastcall.agent;

/** An input that no run can be made of; the message says what is wrong, what was expected and what to do. */
final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean tooLarge;
    private final String detail;

    private BadInput(boolean tooLarge, String message) {
        // No stack trace: it is an answer and no failure of ours.
        super(message, null, false, false);
        this.tooLarge = tooLarge;
        detail = message;
    }

    /** Makes the failure of a malformed input; the message says what is wrong, what was expected and what to do. */
    public static BadInput malformed(String message) {
        return new BadInput(false, message);
    }

    static BadInput tooLarge(String message) {
        return new BadInput(true, message);
    }

    /** Returns what is wrong, what was expected and what to do. */
    public String detail() {
        return detail;
    }

    /** The status of HTTP that says this: 400 or 413. */
    public int status() {
        return tooLarge ? 413 : 400;
    }
}

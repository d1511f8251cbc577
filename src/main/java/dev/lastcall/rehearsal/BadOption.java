package dev.lastcall.rehearsal;

/** Thrown where the command line cannot be understood; the message has the option, its value as written, and what was expected. */
final class BadOption extends Exception {
    private static final long serialVersionUID = 1L;

    BadOption(String option, String value, String expected) {
        super(option + (value.isEmpty() ? "" : " " + value) + " (expected: " + expected + ")");
    }

    String words() {
        return String.valueOf(getMessage());
    }
}

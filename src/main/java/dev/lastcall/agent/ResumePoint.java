package dev.lastcall.agent;

import org.jspecify.annotations.Nullable;

/** The event after which a client resumes. */
final class ResumePoint {
    private static final int START = -1;

    private ResumePoint() {}

    /** The seq to go on after; -1, from the start, where the client says nothing. */
    static int read(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return START;
        }
        try {
            return Math.max(START, Integer.parseInt(value.trim()));
        } catch (NumberFormatException e) {
            throw BadInput.malformed(
                    name + ": not a number (expected: the id of the last event that you have); send that id");
        }
    }
}

package dev.lastcall.rehearsal.cluster;

import java.util.ArrayList;
import java.util.List;

/** Thrown where there is nothing to rehearse: a program that does not start, or an answer that is none. The message is for the user. */
public final class RehearsalFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> lines = new ArrayList<>();

    /** Makes the failure with the text for the user. */
    public RehearsalFailure(String message) {
        super(message);
    }

    synchronized void addLines(List<String> last) {
        lines.addAll(last);
    }

    /** Returns the last lines of the program it is about; may be empty. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Returns the text for the user. */
    public String words() {
        return String.valueOf(getMessage());
    }
}

package dev.lastcall.lint.manifest;

/** Thrown when a file cannot be linted; the message has the file, the line, and what was expected. */
public final class UnreadableManifest extends Exception {
    private static final long serialVersionUID = 1L;

    private final String words;

    /** Makes the failure with the text for the user. */
    public UnreadableManifest(String message) {
        super(message);
        this.words = message;
    }

    /** Returns the text for the user: the file, the line, and what was expected. */
    public String words() {
        return words;
    }
}

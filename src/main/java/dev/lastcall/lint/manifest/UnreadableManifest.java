package dev.lastcall.lint.manifest;

/** What the user named cannot be linted; the message says which file and line, and what was expected. */
public final class UnreadableManifest extends Exception {
    private static final long serialVersionUID = 1L;

    private final String words;

    /** With the words for the user. */
    public UnreadableManifest(String message) {
        super(message);
        this.words = message;
    }

    /** Which file and line, and what was expected. */
    public String words() {
        return words;
    }
}

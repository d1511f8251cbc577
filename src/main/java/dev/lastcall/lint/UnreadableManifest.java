package dev.lastcall.lint;

/** What the user named cannot be linted; the message says which file and line, and what was expected. */
final class UnreadableManifest extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableManifest(String message) {
        super(message);
    }
}

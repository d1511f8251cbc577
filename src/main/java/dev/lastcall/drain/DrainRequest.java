package dev.lastcall.drain;

import org.jspecify.annotations.Nullable;

/**
 * The caller that asked for a drain, and its reason.
 *
 * @param askedBy an address, or a name at one; at most {@value #LONGEST_NAME} characters
 * @param reason in the asker's words, at most {@value #LONGEST_REASON} characters; null where it gave none
 */
@Internal
public record DrainRequest(String askedBy, @Nullable String reason) {
    public static final int LONGEST_NAME = 128;
    public static final int LONGEST_REASON = 200;

    public DrainRequest {
        if (askedBy.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "asked-by: " + askedBy.length() + " characters (expected: at most " + LONGEST_NAME + ")");
        }
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException(
                    "reason: " + reason.length() + " characters (expected: at most " + LONGEST_REASON + ")");
        }
    }
}

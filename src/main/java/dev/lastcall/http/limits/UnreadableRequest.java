package dev.lastcall.http.limits;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * The fault of a request that a server cannot read: its status, what is wrong, and the limit where it is one. Immutable.
 *
 * @param status a client error, or 505
 * @param detail for the client, who wrote it
 */
public record UnreadableRequest(int status, String detail) {
    private static final int BAD_REQUEST = 400;
    private static final int URI_TOO_LONG = 414;
    private static final int HEAD_TOO_LARGE = 431;
    private static final int VERSION_NOT_SUPPORTED = 505;
    private static final int LONGEST = 160;

    /**
     * Returns the fault at which Netty's decoder failed.
     *
     * @param lineLimit the longest request line, in words: its length and the key that sets it
     * @param headLimit the same for the header fields
     */
    public static UnreadableRequest of(Throwable cause, String lineLimit, String headLimit) {
        if (cause instanceof TooLongHttpLineException) {
            return new UnreadableRequest(
                    URI_TOO_LONG, "request line: longer than " + lineLimit + "; shorten the path or the query");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new UnreadableRequest(
                    HEAD_TOO_LARGE, "header fields: more than " + headLimit + " together; send fewer or shorter ones");
        }
        return malformed(String.valueOf(cause.getMessage()));
    }

    /** It is no HTTP/1.x; says how. */
    public static UnreadableRequest malformed(String fault) {
        String shown = fault.replaceAll("[^ -~]", "?");
        String cut = shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
        return new UnreadableRequest(BAD_REQUEST, "request: not readable as HTTP/1.1 (" + cut + "); mend the client");
    }

    /** It is of a version that is not spoken here. */
    public static UnreadableRequest ofVersion(String version) {
        return new UnreadableRequest(
                VERSION_NOT_SUPPORTED,
                "HTTP version: " + version + " (expected: HTTP/1.1, HTTP/1.0, or HTTP/2 by its preface)");
    }
}

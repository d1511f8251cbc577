package dev.lastcall.http;

/** The body of a refusal on some paths, in the error shape that their clients know; elsewhere it is a problem of RFC 9457. A CDI bean. */
public interface RefusalFormat {
    /** Whether requests for this path are refused so. */
    boolean appliesTo(String path);

    /** The body's media type. */
    String mediaType();

    /** The body of a refusal with this status. */
    String body(int status, String detail);
}

package dev.lastcall.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/**
 * The limit on a request's head, the same for every protocol. HTTP/1.x' decoder keeps it by itself. Netty ends an HTTP/2 connection, with
 * everybody on it, whose head is much longer than its own limit: that one is larger, and up to it a head fails its own stream alone.
 * Stateless.
 */
public final class HeadSize {
    /** In bytes, names, values and what is between them. */
    public static final int MOST = 64 * 1024;

    /** The detail of the answer that a client gets whose request's head is too large. */
    public static final String FAULT =
            "header fields: more than " + MOST + " bytes together, which is fixed; send fewer or shorter ones";

    /** The detail of the answer that a client gets where the heads of all clients together are too large. */
    public static final String SURPLUS =
            "too many requests' heads that have begun and do not end; send a head at once, or try again later";

    /** Netty's, for HTTP/2; all connections together are bounded by {@code HeadBudget}. */
    public static final int HTTP2_LIST = 16 * MOST;

    /** A colon, a space and the line's end. */
    private static final int BETWEEN = 4;

    private HeadSize() {}

    /** Whether a head that Netty let through is too large. */
    public static boolean isExceededBy(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 && of(request) > MOST;
    }

    /** Returns the size of a request's head, as HTTP/1.1 counts it. */
    private static long of(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String uri = request.uri();
        long size = uri == null ? 0 : uri.length();
        for (Map.Entry<String, String> field : headers) {
            size += field.getKey().length() + field.getValue().length() + BETWEEN;
        }
        return size;
    }
}

package dev.lastcall.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request's body ends must be beyond doubt: two programs that disagree see different requests on one connection (RFC 9112, 11.2).
 * What is doubtful is refused, not repaired.
 *
 * @param fault why the request must not be passed on; null: it may
 * @param length of the body, or {@link #UNKNOWN}
 */
record Framing(@Nullable String fault, long length) {
    /** A body that ends with its last chunk, or with its HTTP/2 stream. */
    static final long UNKNOWN = -1;

    private static final int LONGEST_LENGTH = 18;

    static Framing of(HttpServerRequest request) {
        String fault = faultOf(request);
        return fault == null ? new Framing(null, lengthOf(request)) : new Framing(fault, UNKNOWN);
    }

    private static @Nullable String faultOf(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.CONNECT)) {
            return "this is no forward proxy: CONNECT is not for it";
        }
        String target = faultOfTarget(request.uri());
        if (target != null) {
            return target;
        }
        return request.version() == HttpVersion.HTTP_2 ? faultOfHttp2(request) : faultOfHttp1(request);
    }

    private static @Nullable String faultOfTarget(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return "the request target has a character that is to be percent-encoded";
            }
        }
        boolean known = uri.startsWith("/") || uri.equals("*") || Target.isAbsolute(uri);
        return known ? null : "the request target is neither a path nor an http URL";
    }

    private static @Nullable String faultOfHttp2(HttpServerRequest request) {
        for (int i = 0; i < request.method().name().length(); i++) {
            char c = request.method().name().charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return "the method is no token";
            }
        }
        if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return "transfer-encoding does not exist in HTTP/2";
        }
        return faultOfLength(request.headers().getAll(HttpHeaders.CONTENT_LENGTH));
    }

    private static @Nullable String faultOfHttp1(HttpServerRequest request) {
        List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        List<String> lengths = request.headers().getAll(HttpHeaders.CONTENT_LENGTH);
        if (!encodings.isEmpty()) {
            if (!lengths.isEmpty()) {
                return "both Content-Length and Transfer-Encoding";
            }
            if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
                return "a Transfer-Encoding other than chunked";
            }
            if (request.version() == HttpVersion.HTTP_1_0) {
                return "Transfer-Encoding does not exist in HTTP/1.0";
            }
        }
        String length = faultOfLength(lengths);
        return length != null ? length : faultOfHost(request);
    }

    private static @Nullable String faultOfHost(HttpServerRequest request) {
        int hosts = request.headers().getAll(HttpHeaders.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
            return "not exactly one Host";
        }
        return hosts == 0 || request.authority() != null ? null : "Host is no host";
    }

    private static @Nullable String faultOfLength(List<String> lengths) {
        if (lengths.size() > 1) {
            return "more than one Content-Length";
        }
        if (lengths.isEmpty()) {
            return null;
        }
        String length = lengths.get(0);
        boolean number = !length.isEmpty()
                && length.length() <= LONGEST_LENGTH
                && length.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? null : "Content-Length is no number";
    }

    private static long lengthOf(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null) {
            return Long.parseLong(length);
        }
        boolean maybe =
                request.version() == HttpVersion.HTTP_2 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        return maybe ? UNKNOWN : 0;
    }
}

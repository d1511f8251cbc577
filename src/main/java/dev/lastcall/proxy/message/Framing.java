package dev.lastcall.proxy.message;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The framing of a request's body. Two programs that disagree on it see different requests on one connection (RFC 9112, 11.2), so ambiguous
 * framing is refused, not repaired.
 *
 * @param fault why the request must not be passed on; null: it may
 * @param length of the body, or {@link #UNKNOWN}
 */
public record Framing(@Nullable String fault, long length) {
    /** A body that ends with its last chunk, or with its HTTP/2 stream. */
    public static final long UNKNOWN = -1;

    private static final int LONGEST_LENGTH = 18;

    /** Reads the fields that frame the body, over every HTTP. */
    public static Framing of(HttpServerRequest request) {
        Lengths lengths = new Lengths(request.headers());
        String fault = faultOf(request, lengths);
        if (fault != null) {
            return new Framing(fault, UNKNOWN);
        }
        // What follows a CONNECT is no body.
        boolean bodiless = ExtendedConnects.protocolOf(request) != null;
        return new Framing(null, bodiless ? 0 : lengths.length(request.version() == HttpVersion.HTTP_2));
    }

    private static @Nullable String faultOf(HttpServerRequest request, Lengths lengths) {
        if (request.method().equals(HttpMethod.CONNECT)) {
            return "this is no forward proxy: CONNECT is not for it";
        }
        String fault = faultOfTarget(request);
        if (fault == null) {
            fault = lengths.fault();
        }
        if (fault != null) {
            return fault;
        }
        return request.version() == HttpVersion.HTTP_2
                ? faultOfHttp2(request, lengths)
                : faultOfHttp1(request, lengths);
    }

    private static @Nullable String faultOfTarget(HttpServerRequest request) {
        String uri = request.uri();
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return "the request target has a character that is to be percent-encoded";
            }
        }
        if (uri.startsWith("/")) {
            return null;
        }
        if (uri.equals("*")) {
            return request.method().equals(HttpMethod.OPTIONS) ? null : "the target * is for OPTIONS alone";
        }
        if (!Target.isAbsolute(uri) || request.version() == HttpVersion.HTTP_2) {
            return "the request target is neither a path nor an http URL";
        }
        String authority = Target.authorityOf(uri);
        boolean wrong = authority.isEmpty() || authority.startsWith(":") || authority.indexOf('@') >= 0;
        return wrong ? "the request target has no host, or a user" : null;
    }

    private static @Nullable String faultOfHttp2(HttpServerRequest request, Lengths lengths) {
        for (int i = 0; i < request.method().name().length(); i++) {
            char c = request.method().name().charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return "the method is no token";
            }
        }
        return lengths.encodings > 0 ? "Transfer-Encoding does not exist in HTTP/2" : null;
    }

    private static @Nullable String faultOfHttp1(HttpServerRequest request, Lengths lengths) {
        boolean oldest = request.version() == HttpVersion.HTTP_1_0;
        if (lengths.encodings > 0) {
            if (lengths.lengths > 0) {
                return "both Content-Length and Transfer-Encoding";
            }
            if (lengths.encodings > 1 || !"chunked".equalsIgnoreCase(lengths.encoding)) {
                return "a Transfer-Encoding other than chunked";
            }
            if (oldest) {
                return "Transfer-Encoding does not exist in HTTP/1.0";
            }
        }
        if (lengths.hosts > 1 || (lengths.hosts == 0 && !oldest)) {
            return "not exactly one Host";
        }
        return lengths.hosts == 0 || (!lengths.hostless && request.authority() != null) ? null : "Host is no host";
    }

    /** The fields that matter here, found in one pass: each question of its own would cost a list. */
    private static final class Lengths {
        private int hosts;
        private int lengths;
        private int encodings;
        private boolean nameless;
        private boolean hostless;
        private @Nullable String length;
        private @Nullable String encoding;

        Lengths(MultiMap headers) {
            for (Map.Entry<String, String> field : headers) {
                String name = field.getKey();
                switch (name.length()) {
                    case 0 -> nameless = true;
                    case 4 -> {
                        if (name.equalsIgnoreCase("host")) {
                            hosts++;
                            hostless |= field.getValue().isBlank();
                        }
                    }
                    case 14 -> {
                        if (name.equalsIgnoreCase("content-length")) {
                            lengths++;
                            length = field.getValue();
                        }
                    }
                    case 17 -> {
                        if (name.equalsIgnoreCase("transfer-encoding")) {
                            encodings++;
                            encoding = field.getValue();
                        }
                    }
                    default -> {}
                }
            }
        }

        @Nullable
        String fault() {
            if (nameless) {
                return "a header field has no name";
            }
            if (lengths > 1) {
                return "more than one Content-Length";
            }
            boolean number = length == null
                    || (!length.isEmpty()
                            && length.length() <= LONGEST_LENGTH
                            && length.chars().allMatch(c -> c >= '0' && c <= '9'));
            return number ? null : "Content-Length is no number";
        }

        long length(boolean http2) {
            return length != null ? Long.parseLong(length) : http2 || encodings > 0 ? UNKNOWN : 0;
        }
    }
}

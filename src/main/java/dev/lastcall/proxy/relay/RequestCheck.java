package dev.lastcall.proxy.relay;

import dev.lastcall.http.HeadSize;
import dev.lastcall.proxy.message.ExtendedConnects;
import dev.lastcall.proxy.message.Framing;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be passed on.
 *
 * @param failure why not; null: it may
 * @param length of its body, or {@link Framing#UNKNOWN}
 * @param isForUs whether we are the last that is to see it (RFC 9110, 7.6.2)
 */
record RequestCheck(@Nullable Failure failure, String detail, long length, boolean isForUs) {
    private static final String MAX_FORWARDS = "Max-Forwards";

    static RequestCheck of(HttpServerRequest request, long maxBody) {
        Framing framing = Framing.of(request);
        if (framing.fault() != null) {
            return failed(Failure.BAD_REQUEST, framing.fault(), framing.length());
        }
        if (framing.length() > maxBody) {
            return failed(Failure.TOO_LARGE, Upload.tooLarge(maxBody), framing.length());
        }
        MultiMap headers = request.headers();
        if (HeadSize.isExceededBy(request)) {
            return failed(Failure.HEAD_TOO_LARGE, HeadSize.FAULT, framing.length());
        }
        String expect = headers.get(HttpHeaders.EXPECT);
        if (expect != null && request.version() != HttpVersion.HTTP_1_0 && !isKnown(expect)) {
            return failed(Failure.EXPECTATION_FAILED, "only 100-continue can be expected", framing.length());
        }
        String protocol = ExtendedConnects.protocolOf(request);
        if (protocol != null && !ExtendedConnects.isWebSocket(request)) {
            return failed(Failure.NOT_IMPLEMENTED, "websocket is the only protocol that a stream can become", 0);
        }
        boolean hops =
                request.method().equals(HttpMethod.OPTIONS) || request.method().equals(HttpMethod.TRACE);
        boolean last = hops && "0".equals(headers.get(MAX_FORWARDS));
        if (last && request.method().equals(HttpMethod.TRACE)) {
            return failed(Failure.METHOD_NOT_ALLOWED, "TRACE is not answered here", framing.length());
        }
        return new RequestCheck(null, "", framing.length(), last);
    }

    private static boolean isKnown(String expect) {
        return expect.strip().equalsIgnoreCase("100-continue");
    }

    private static RequestCheck failed(Failure failure, String detail, long length) {
        return new RequestCheck(failure, detail, length, false);
    }

    /** Returns the {@code Max-Forwards} for the next recipient: one hop less, where the method counts them. */
    static String nextMaxForwards(HttpMethod method, String value) {
        boolean counts = method.equals(HttpMethod.OPTIONS) || method.equals(HttpMethod.TRACE);
        boolean number =
                !value.isEmpty() && value.length() < 10 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return counts && number ? Integer.toString(Math.max(0, Integer.parseInt(value) - 1)) : value;
    }
}

package dev.lastcall.proxy.message;

import dev.lastcall.problem.RetryHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The differences of gRPC: its errors are not in the status but in trailers ("gRPC over HTTP2"). Stateless. */
public final class Grpc {
    public static final String STATUS = "grpc-status";
    private static final String TYPE = "application/grpc";
    private static final String UNAVAILABLE = "14";
    private static final String SHUTTING_DOWN = "this instance is shutting down: another one will answer";

    private Grpc() {}

    /** Whether a request is a call of gRPC, which HTTP/2 alone carries. */
    public static boolean isCall(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 && isType(request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /** Whether a {@code Content-Type} is gRPC with any encoding, and not gRPC-Web. */
    public static boolean isType(@Nullable String contentType) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith(TYPE)) {
            return false;
        }
        return contentType.length() == TYPE.length() || "+;".indexOf(contentType.charAt(TYPE.length())) >= 0;
    }

    /** Answers by trailers alone that the call may be made again elsewhere, and when. */
    public static void refuse(HttpServerResponse response) {
        response.headers().clear();
        response.setStatusCode(200).putHeader(HttpHeaders.CONTENT_TYPE, TYPE);
        unavailable(response.headers());
        response.end();
    }

    /** The end of a stream that the drain ends between two messages. */
    public static void end(HttpServerResponse response) {
        unavailable(response.trailers());
        response.end();
    }

    private static void unavailable(MultiMap fields) {
        fields.set(STATUS, UNAVAILABLE)
                .set("grpc-message", SHUTTING_DOWN)
                .set("grpc-retry-pushback-ms", Integer.toString(RetryHeaders.jitteredDelayMs()));
    }
}

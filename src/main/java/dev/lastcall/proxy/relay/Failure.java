package dev.lastcall.proxy.relay;

import dev.lastcall.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** An answer of our own, as {@code application/problem+json} (RFC 9457). */
enum Failure {
    BAD_REQUEST(400, false),
    METHOD_NOT_ALLOWED(405, false),
    REQUEST_TIMEOUT(408, true),
    TOO_LARGE(413, false),
    EXPECTATION_FAILED(417, false),
    HEAD_TOO_LARGE(431, false),
    NOT_IMPLEMENTED(501, false),
    /** The application answered nothing, or nothing that can be passed on: it may have executed the request. */
    BAD_GATEWAY(502, false),
    /** The application did not accept the connection: nothing was executed. */
    UNREACHABLE(502, true),
    GATEWAY_TIMEOUT(504, false);

    /** The listener that hears that an exchange has failed. */
    interface Listener {
        /** It is to be answered so, or broken off. */
        void failed(Failure failure, String detail);
    }

    private final int status;
    private final boolean retryable;

    Failure(int status, boolean retryable) {
        this.status = status;
        this.retryable = retryable;
    }

    /** Puts the head on a response that has none yet, whatever was put on it before; the body is to be its end. */
    Buffer on(HttpServerResponse response, String detail) {
        response.headers().clear();
        return Problem.of(status, detail).retryable(retryable).putHead(response);
    }
}

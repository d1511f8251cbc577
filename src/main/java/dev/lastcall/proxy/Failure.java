package dev.lastcall.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** An answer of our own, as {@code application/problem+json} (RFC 9457). */
enum Failure {
    BAD_REQUEST(400, "Bad Request", false),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed", false),
    REQUEST_TIMEOUT(408, "Request Timeout", true),
    TOO_LARGE(413, "Content Too Large", false),
    URI_TOO_LONG(414, "URI Too Long", false),
    EXPECTATION_FAILED(417, "Expectation Failed", false),
    HEAD_TOO_LARGE(431, "Request Header Fields Too Large", false),
    /** The application answered nothing, or nothing that can be passed on: it may have executed the request. */
    BAD_GATEWAY(502, "Bad Gateway", false),
    /** The application did not accept the connection: nothing was executed. */
    UNREACHABLE(502, "Bad Gateway", true),
    GATEWAY_TIMEOUT(504, "Gateway Timeout", false),
    VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported", false);

    /** What hears that an exchange has failed. */
    interface Listener {
        /** It is to be answered so, or broken off. */
        void failed(Failure failure, String detail);
    }

    private final int status;
    private final String title;
    private final boolean retryable;

    Failure(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** Puts the head on a response that has none yet, whatever was put on it before; the body is to be its end. */
    Buffer on(HttpServerResponse response, String detail) {
        Buffer body = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("retryable", retryable)
                .toBuffer();
        response.headers().clear();
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        return body;
    }
}

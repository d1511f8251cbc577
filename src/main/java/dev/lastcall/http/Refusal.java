package dev.lastcall.http;

import dev.lastcall.problem.Problem;
import dev.lastcall.problem.RetryHeaders;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The answer of a closed gate: 503 with the header fields by which a client learns that another try, elsewhere and soon, will do. */
final class Refusal {
    /** A problem of RFC 9457. */
    static final Refusal PROBLEM;

    private static final int SERVICE_UNAVAILABLE = 503;
    private static final String DETAIL =
            "This instance is shutting down and takes no new requests. Send the request again: another instance will answer.";

    static {
        PROBLEM = new Refusal(
                Problem.MEDIA_TYPE,
                Problem.of(SERVICE_UNAVAILABLE, DETAIL).retryable(true).encode());
    }

    private final String mediaType;
    /** A string and not a buffer: a native executable cannot hold a buffer from its build. */
    private final String body;

    private Refusal(String mediaType, String body) {
        this.mediaType = mediaType;
        this.body = body;
    }

    static Refusal of(RefusalFormat format) {
        return new Refusal(format.mediaType(), format.body(SERVICE_UNAVAILABLE, DETAIL));
    }

    /** Writes the refusal. Without a 100 (Continue): a client that waits for one will not send its body. */
    void write(HttpServerRequest request) {
        HttpServerResponse response =
                request.response().setStatusCode(SERVICE_UNAVAILABLE).putHeader(HttpHeaders.CONTENT_TYPE, mediaType);
        RetryHeaders.fields().forEach(response::putHeader);
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(body);
    }
}

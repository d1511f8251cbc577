package dev.lastcall.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The answer of a closed gate: 503 as {@code application/problem+json} (RFC 9457), in OpenAI's error shape on OpenAI's paths, with every
 * header by which a client learns that another try, elsewhere and soon, will do.
 */
final class Refusal {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int EARLIEST_RETRY_MS = 200;
    private static final int LATEST_RETRY_MS = 500;
    private static final String DETAIL =
            "This instance is shutting down and takes no new requests. Send the request again: another instance will answer.";

    // Strings and not buffers: a native executable cannot hold a buffer from its build.
    private static final String PROBLEM = new JsonObject()
            .put("type", "about:blank")
            .put("title", "Service Unavailable")
            .put("status", SERVICE_UNAVAILABLE)
            .put("detail", DETAIL)
            .put("retryable", true)
            .encode();

    private static final String OPENAI_ERROR = new JsonObject()
            .put(
                    "error",
                    new JsonObject()
                            .put("message", DETAIL)
                            .put("type", "server_error")
                            .putNull("param")
                            .put("code", "shutting_down"))
            .encode();

    private Refusal() {}

    /** Writes the refusal. Without a 100 (Continue): a client that waits for one will not send its body. */
    static void write(HttpServerRequest request) {
        boolean openAi = request.path() != null && request.path().startsWith("/v1/");
        HttpServerResponse response = request.response()
                .setStatusCode(SERVICE_UNAVAILABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, openAi ? "application/json" : "application/problem+json")
                .putHeader(HttpHeaders.RETRY_AFTER, "1")
                .putHeader("retry-after-ms", Integer.toString(jitteredMs()))
                .putHeader("x-should-retry", "true");
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(openAi ? OPENAI_ERROR : PROBLEM);
    }

    /** Jittered, so that the clients of a stopping pod do not all come back at once. */
    private static int jitteredMs() {
        return ThreadLocalRandom.current().nextInt(EARLIEST_RETRY_MS, LATEST_RETRY_MS + 1);
    }
}

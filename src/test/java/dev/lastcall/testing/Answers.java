package dev.lastcall.testing;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;

/** Whole answers to requests of Vert.x' client. */
public final class Answers {
    private Answers() {}

    /**
     * The status, a space, the body and the trailers of the answer to a request that is still to be sent: what of a body arrives before
     * somebody listens is lost.
     */
    public static Future<String> text(HttpClientRequest request) {
        return request.response().compose(answer -> answer.body()
                .map(body ->
                        answer.statusCode() + " " + body + answer.trailers().entries()));
    }
}

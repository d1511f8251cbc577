package dev.lastcall.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** The head of a response of server-sent events (WHATWG HTML, 9.2), and how one is broken off. */
public record EventStreamResponse(HttpServerRequest request) {

    /** Sends the head now: a client may wait for it longer than the first event takes. */
    public Future<Void> sendHead() {
        HttpServerResponse response = request.response();
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                // nginx keeps small writes to itself without this.
                .putHeader("x-accel-buffering", "no");
        // An empty write sends the head.
        return response.write(Buffer.buffer());
    }

    /** Ends it so that its client does not take it for whole. */
    public void breakOff() {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            // Of HTTP/1.1 a response's reset() tells nobody that it has ended, and the drain waits for it in vain.
            request.connection().close();
        }
    }
}

package dev.lastcall.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/** An HTTP/2 request, whose answer tells the exchange of its head and its end. */
final class WatchedRequest extends HttpServerRequestWrapper {
    private final HttpServerResponse response;

    WatchedRequest(HttpServerRequestInternal request, Exchange exchange) {
        super(request);
        response = new WatchedResponse(request.response(), exchange);
    }

    @Override
    public HttpServerResponse response() {
        return response;
    }
}

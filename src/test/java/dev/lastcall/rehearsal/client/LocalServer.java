package dev.lastcall.rehearsal.client;

import static dev.lastcall.testing.Futures.await;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** An HTTP server on a port of this machine, HTTP/2 included. */
final class LocalServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final int port;

    LocalServer(Handler<HttpServerRequest> handler) {
        port = await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"))
                .actualPort();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}

package dev.lastcall.histories;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** What the clients of a history ask for: each answer ends by itself within half a second of real time. */
final class Application {
    static final int LARGE = 3 << 20;
    static final int EVENTS = 10;

    private Application() {}

    static void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.exceptionHandler(gone -> {});
        switch (request.path()) {
            case "/short" -> response.end("ok");
            case "/slow" -> vertx().setTimer(150, due -> response.end("ok"));
            case "/large" -> response.end(Buffer.buffer(new byte[LARGE]));
            case "/stream" -> {
                response.setChunked(true).putHeader("Content-Type", "text/event-stream");
                next(response, 1);
            }
            case "/upload" -> request.body().onSuccess(body -> response.end("read " + body.length()));
            case "/ws" ->
                request.toWebSocket()
                        .onSuccess(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("re: " + text)));
            default -> response.setStatusCode(404).end();
        }
    }

    private static void next(HttpServerResponse response, int number) {
        if (response.closed()) {
            return;
        }
        if (number > EVENTS) {
            response.end("data: end\n\n");
            return;
        }
        response.write("data: " + number + "\n\n");
        vertx().setTimer(20, due -> next(response, number + 1));
    }

    private static Vertx vertx() {
        return Vertx.currentContext().owner();
    }
}

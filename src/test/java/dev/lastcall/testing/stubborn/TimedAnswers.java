package dev.lastcall.testing.stubborn;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/** The answers that the clients of a history ask for: each ends by itself within half a second of real time, a long stream after eight. */
@Singleton
public final class TimedAnswers {
    public static final int LARGE = 3 << 20;
    private static final int EVENTS = 10;
    private static final List<String> PATHS =
            List.of("/short", "/slow", "/large", "/stream", "/long", "/upload", "/ws");

    void register(@Observes Router router) {
        PATHS.forEach(path -> router.route(path).handler(routed -> {
            answer(routed.request());
            // Quarkus hands requests out paused.
            routed.request().resume();
        }));
    }

    /** Answers by the path; whatever is not known is 404. */
    public static void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.exceptionHandler(gone -> {});
        switch (request.path()) {
            case "/short" -> response.end("ok");
            case "/slow" -> vertx().setTimer(150, due -> response.end("ok"));
            case "/large" -> response.end(Buffer.buffer(new byte[LARGE]));
            case "/stream" -> {
                response.setChunked(true).putHeader("Content-Type", "text/event-stream");
                next(response, 1, 20);
            }
            case "/long" -> {
                response.setChunked(true).putHeader("Content-Type", "text/event-stream");
                next(response, 1, 800);
            }
            case "/upload" -> request.body().onSuccess(body -> response.end("read " + body.length()));
            case "/ws" ->
                request.toWebSocket()
                        .onSuccess(socket -> socket.textMessageHandler(text -> socket.writeTextMessage("re: " + text)));
            default -> response.setStatusCode(404).end();
        }
    }

    private static void next(HttpServerResponse response, int number, int milliseconds) {
        if (response.closed()) {
            return;
        }
        if (number > EVENTS) {
            response.end("data: end\n\n");
            return;
        }
        response.write("data: " + number + "\n\n");
        vertx().setTimer(milliseconds, due -> next(response, number + 1, milliseconds));
    }

    private static Vertx vertx() {
        return Vertx.currentContext().owner();
    }
}

package dev.lastcall.management;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes answers. On the exchange's event loop only. */
final class Answers {
    private static final String GONE = "the client is gone, or was answered";

    private Answers() {}

    /** Completed when the answer has been written, failed where its client is gone. */
    static Future<Void> json(RoutingContext exchange, int status, JsonObject body) {
        HttpServerResponse response = exchange.response();
        if (isOver(response)) {
            return Future.failedFuture(GONE);
        }
        return response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(body.toBuffer());
    }

    /** Answers with a problem; otherwise as {@link #json}. */
    static Future<Void> problem(RoutingContext exchange, ManagementProblem problem) {
        HttpServerResponse response = exchange.response();
        if (isOver(response)) {
            return Future.failedFuture(GONE);
        }
        response.putHeader("Cache-Control", "no-store");
        return problem.toProblem().send(response);
    }

    private static boolean isOver(HttpServerResponse response) {
        return response.ended() || response.closed();
    }
}

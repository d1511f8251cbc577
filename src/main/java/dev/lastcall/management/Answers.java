package dev.lastcall.management;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes answers. On the exchange's event loop only. */
final class Answers {
    private Answers() {}

    /** Completed when the answer has been written, failed where its client is gone. */
    static Future<Void> json(RoutingContext exchange, int status, JsonObject body) {
        return send(exchange, status, "application/json", body);
    }

    /** Answers with a problem; otherwise as {@link #json}. */
    static Future<Void> problem(RoutingContext exchange, ManagementProblem problem) {
        return send(exchange, problem.kind().status, "application/problem+json", problem.json());
    }

    private static Future<Void> send(RoutingContext exchange, int status, String type, JsonObject body) {
        HttpServerResponse response = exchange.response();
        if (response.ended() || response.closed()) {
            return Future.failedFuture("the client is gone, or was answered");
        }
        return response.setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .end(body.toBuffer());
    }
}

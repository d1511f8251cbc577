package dev.lastcall.agent;

import dev.lastcall.problem.Problem;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** The last route, which answers unknown paths with 404. */
final class UnknownPath {
    static final String DETAIL =
            "path: nothing is served here (expected: /agent/run, /agent/stream, /agent/runs/{id} or /agent/ws); check the address";

    void register(@Observes Router router) {
        router.route().order(Integer.MAX_VALUE).handler(UnknownPath::answer);
    }

    private static void answer(RoutingContext request) {
        Problem.of(404, DETAIL).send(request.response());
    }
}

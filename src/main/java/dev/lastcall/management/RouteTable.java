package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/** Registers paths on a router, each with the same guards, and lists them. */
final class RouteTable {
    private final Router router;
    private final List<String> paths = new ArrayList<>();

    RouteTable(Router router) {
        this.router = router;
    }

    void at(String path, Handler<RoutingContext> handler) {
        paths.add(path);
        mount(path, handler);
    }

    /** Answers unknown paths below a root with 404 and the list of known ones. */
    void refuseOthersBelow(String root) {
        List<String> known =
                paths.stream().filter(path -> path.startsWith(root)).toList();
        mount(root + "/*", exchange -> unknown(exchange, String.join(", ", known)));
    }

    private void mount(String path, Handler<RoutingContext> handler) {
        Route route = router.route(path);
        route.handler(RouteTable::refuseRepeated);
        route.handler(handler);
        route.failureHandler(RouteTable::failed);
    }

    /**
     * Refuses a repeated parameter, by one rule for all paths: of two values nobody knows which one counts. {@link Limit} says so in its own words.
     */
    private static void refuseRepeated(RoutingContext exchange) {
        MultiMap asked = exchange.queryParams();
        asked.names().stream()
                .filter(name -> asked.getAll(name).size() > 1 && !name.equals(Limit.NAME))
                .findFirst()
                .ifPresentOrElse(
                        name -> Answers.problem(exchange, Query.problem(name, asked.getAll(name))), exchange::next);
    }

    private static void unknown(RoutingContext exchange, String known) {
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.NOT_FOUND,
                        "path: " + exchange.normalizedPath() + " (expected: one of " + known + ")",
                        "use one of these paths"));
    }

    private static void failed(RoutingContext exchange) {
        if (exchange.statusCode() == 400) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.BAD_REQUEST,
                            "the query cannot be decoded",
                            "percent-encode the query's values"));
        } else {
            exchange.next();
        }
    }
}

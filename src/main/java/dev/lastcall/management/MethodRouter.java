package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Dispatches a path's requests by method; answers other methods with 405 and {@code Allow}. Filled before it is mounted. */
final class MethodRouter implements Handler<RoutingContext> {
    private final Map<HttpMethod, Handler<RoutingContext>> handlers = new LinkedHashMap<>();

    MethodRouter reads(HttpMethod method, Handler<RoutingContext> handler) {
        handlers.put(method, handler);
        return this;
    }

    MethodRouter changes(HttpMethod method, Handler<RoutingContext> handler) {
        return reads(method, new CrossSiteGuard(handler));
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpMethod method = exchange.request().method();
        // The answer to a HEAD is that of a GET without its body, which Vert.x leaves out (RFC 9110, 9.3.2).
        Handler<RoutingContext> handler = handlers.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
        if (handler != null) {
            handler.handle(exchange);
            return;
        }
        String allowed = handlers.keySet().stream()
                .map(each -> each.equals(HttpMethod.GET) ? "GET, HEAD" : each.name())
                .collect(Collectors.joining(", "));
        exchange.response().putHeader("Allow", allowed);
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.WRONG_METHOD,
                        "method: " + method + " (expected: " + allowed + ")",
                        "use one of these methods"));
    }
}

package dev.lastcall.http;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Puts the gate before Quarkus' router, and so before everything on the main port: REST, static files, errors, WebSocket upgrades, h2c.
 * Before the router and not a filter on it, since a filter costs each request a route, a {@code next()} and two lists of end handlers,
 * which is more than the whole gate (decision 0012).
 */
@Singleton
final class RouterGate {
    /** Before whatever else a start does: the port opens behind all of it. */
    private static final int FIRST = 1;
    /** Quarkus' own paths; with the management port they are not even served here, but for the dev console. */
    private static final String UNCOUNTED = "/q/";

    private final HttpGate gate;

    RouterGate(HttpGate gate) {
        this.gate = gate;
    }

    void install(@Observes @Priority(FIRST) StartupEvent started) {
        MainPort.wrap(this::before);
    }

    /** The gate, and behind it what is given. */
    Handler<HttpServerRequest> before(Handler<HttpServerRequest> router) {
        return request -> admit((HttpServerRequestInternal) request, router);
    }

    private void admit(HttpServerRequestInternal request, Handler<HttpServerRequest> router) {
        String path = request.path();
        if (path != null && path.startsWith(UNCOUNTED)) {
            router.handle(request);
            return;
        }
        RoutedExchange exchange = new RoutedExchange(request, gate.connection(request));
        if (gate.admit(exchange)) {
            CurrentExchange.set(request, exchange);
            router.handle(exchange.connection().watch(request, exchange));
        }
    }
}

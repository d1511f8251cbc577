package dev.lastcall.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Puts the gate before everything on Quarkus' router: REST, static files, errors, WebSocket upgrades, h2c. */
@Singleton
final class RouterGate {
    /** Above every filter of Quarkus and of applications: nothing runs for a request that is not counted. */
    private static final int FIRST = 10_000;
    /** Quarkus' own paths; with the management port they are not even served here, but for the dev console. */
    private static final String UNCOUNTED = "/q/";

    private final HttpGate gate;

    RouterGate(HttpGate gate) {
        this.gate = gate;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, FIRST);
    }

    void admit(RoutingContext context) {
        String path = context.request().path();
        if (path != null && path.startsWith(UNCOUNTED)) {
            context.next();
            return;
        }
        RoutedExchange exchange = new RoutedExchange(context, gate.connection(context.request()));
        if (gate.admit(exchange)) {
            CurrentExchange.set(context, exchange);
            context.addHeadersEndHandler(written -> exchange.head());
            context.addEndHandler(ended -> exchange.ended());
            context.next();
        }
    }
}

package dev.lastcall.http;

import dev.lastcall.drain.EntryClass;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The drain's gate on the application's HTTP port: the first of all route filters, and nothing but the drain. */
@Singleton
final class LibraryGate {
    private static final int FIRST = Integer.MAX_VALUE;

    private final HttpGate gate;
    private final RefusalFormats refusals;
    private final QuarkusPaths uncounted;

    LibraryGate(HttpGate gate, RefusalFormats refusals, QuarkusPaths uncounted) {
        this.gate = gate;
        this.refusals = refusals;
        this.uncounted = uncounted;
    }

    /** Of two filters with one priority the one that was registered first comes first. */
    void install(@Observes @Priority(1) Filters filters) {
        filters.register(this::filter, FIRST);
    }

    private void filter(RoutingContext routing) {
        HttpServerRequestInternal request = (HttpServerRequestInternal) routing.request();
        if (uncounted.have(request.path())) {
            routing.next();
            return;
        }
        RoutedExchange exchange = new RoutedExchange(request, gate.connection(request), refusals);
        if (gate.admit(exchange)) {
            CurrentExchange.set(request, exchange);
            exchange.watchAnswer();
            follow(exchange, routing);
            routing.next();
        }
    }

    private static void follow(RoutedExchange exchange, RoutingContext routing) {
        if (exchange.request().version() == HttpVersion.HTTP_2) {
            routing.addHeadersEndHandler(written -> {
                exchange.head();
                Http2StreamEnd.follow(exchange);
            });
        } else if (exchange.entry().kind() == EntryClass.WEBSOCKET) {
            WebSocketClose.follow(exchange);
        } else {
            StreamEnd.follow(exchange);
        }
    }
}

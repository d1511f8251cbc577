package dev.lastcall.management;

import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;

/** What the guards of the port have in common. Stateless. */
final class Guards {
    private Guards() {}

    /** A refused path is what a client wrote, which Quarkus would else make a tag of its metrics. */
    static void unmatched(RoutingContext exchange) {
        if (exchange.request() instanceof HttpServerRequestInternal request) {
            request.context().putLocal("UrlPathTemplate", "UNMATCHED");
        }
    }
}

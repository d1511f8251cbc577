package dev.lastcall.management;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/** The code that the guards of the port have in common. Stateless. */
final class Guards {
    private Guards() {}

    /** A refused path is what a client wrote, which Quarkus would else make a tag of its metrics. */
    static void unmatched(RoutingContext exchange) {
        Context context = Vertx.currentContext();
        if (context != null && !exchange.response().ended()) {
            context.putLocal("UrlPathTemplate", "UNMATCHED");
        }
    }
}

package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** Takes the headers off every answer by which Quarkus lets pages of all origins read the management port. Stateless. */
final class CrossOriginHeaders implements Handler<RoutingContext> {
    private static final String PREFIX = "access-control-";

    @Override
    public void handle(RoutingContext exchange) {
        exchange.addHeadersEndHandler(written -> {
            List<String> allowing = exchange.response().headers().names().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(PREFIX))
                    .toList();
            allowing.forEach(exchange.response().headers()::remove);
        });
        exchange.next();
    }
}

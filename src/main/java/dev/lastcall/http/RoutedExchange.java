package dev.lastcall.http;

import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;

/** An exchange on the Quarkus router, which knows the path's template once a resource method has been matched. */
final class RoutedExchange extends Exchange {
    /** Where Quarkus' REST leaves the matched template, for metrics and traces. */
    private static final String TEMPLATE = "UrlPathTemplate";

    RoutedExchange(RoutingContext context, ServedConnection connection) {
        super(context.request(), connection);
    }

    @Override
    public String path() {
        String template = request() instanceof HttpServerRequestInternal internal
                ? internal.context().getLocal(TEMPLATE)
                : null;
        return template != null ? template : super.path();
    }
}

package dev.lastcall.http;

import io.vertx.core.http.impl.HttpServerRequestInternal;

/** An exchange before the Quarkus router, which knows the path's template once a resource method has been matched. */
final class RoutedExchange extends Exchange {
    private final HttpServerRequestInternal request;
    private final RefusalFormats formats;

    RoutedExchange(HttpServerRequestInternal request, ServedConnection connection, RefusalFormats formats) {
        super(request, connection);
        this.request = request;
        this.formats = formats;
    }

    @Override
    protected void refuse() {
        formats.of(request.path()).write(request);
    }

    @Override
    public String path() {
        String template = MetricPath.template(request);
        return template != null ? template : super.path();
    }
}

package dev.lastcall.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * The gate as the first route filter of Quarkus' main router, and so before everything on the main port: REST, static files, errors,
 * WebSocket upgrades, h2c.
 */
@Singleton
final class RouterGate {
    /** Filters of the highest priority come first: no filter of an application sees a request that is refused. */
    private static final int FIRST = Integer.MAX_VALUE;
    /** Quarkus' own paths; with the management port they are not even served here, but for the dev console. */
    private static final String UNCOUNTED = "/q/";

    private final HttpGate gate;
    private final RefusalFormats refusals;
    private final BodyLimit bodyLimit;
    private volatile @Nullable MetricPath metricPath;

    RouterGate(HttpGate gate, RefusalFormats refusals, BodyLimit bodyLimit) {
        this.gate = gate;
        this.refusals = refusals;
        this.bodyLimit = bodyLimit;
    }

    void install(@Observes Filters filters) {
        filters.register(this::filter, FIRST);
    }

    void know(@Observes Router router) {
        metricPath = new MetricPath(router);
    }

    void filter(RoutingContext routing) {
        HttpServerRequestInternal request = (HttpServerRequestInternal) routing.request();
        String path = request.path();
        MetricPath metrics = metricPath;
        if (metrics != null) {
            metrics.set(request);
        }
        if (path != null && path.startsWith(UNCOUNTED)) {
            routing.next();
            return;
        }
        if (HeadSize.isExceededBy(request)) {
            refuse(request, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HeadSize.FAULT);
            return;
        }
        if (bodyLimit.isExceededBy(request)) {
            refuse(request, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, bodyLimit.fault());
            gate.connection(request).refused(request);
            return;
        }
        RoutedExchange exchange = new RoutedExchange(request, gate.connection(request), refusals);
        if (gate.admit(exchange)) {
            CurrentExchange.set(request, exchange);
            TraceContext.mark(request.headers());
            exchange.watchAnswer();
            if (request.version() == HttpVersion.HTTP_2) {
                routing.addHeadersEndHandler(written -> exchange.head());
            }
            routing.next();
        }
    }

    private void refuse(HttpServerRequest request, HttpResponseStatus status, String detail) {
        RefusalFormats.Answer answer = refusals.of(request.path(), status.code(), detail);
        HttpServerResponse response = request.response()
                .setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, answer.mediaType());
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(answer.body());
    }
}

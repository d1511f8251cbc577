package dev.lastcall.agent;

import dev.lastcall.run.Tenants;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotAuthorizedException;

/** The tenant of a request. */
final class Caller {
    private Caller() {}

    /** @throws NotAuthorizedException where keys are configured and the request has none of them */
    static String of(RoutingContext exchange, Tenants tenants) {
        return tenants.of(exchange.request().getHeader(HttpHeaders.AUTHORIZATION))
                .orElseThrow(() -> new NotAuthorizedException("Bearer"));
    }
}

package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Refuses calls that change the drain when a browser makes them for another site. Browsers name themselves by
 * {@code Sec-Fetch-Site}, older ones and plain http by {@code Origin}; kubelets and curl send neither.
 */
final class CrossSiteGuard implements Handler<RoutingContext> {
    private final Handler<RoutingContext> next;

    CrossSiteGuard(Handler<RoutingContext> next) {
        this.next = next;
    }

    @Override
    public void handle(RoutingContext exchange) {
        if (isCrossSite(exchange.request())) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.CROSS_SITE,
                            "a browser sent this call for a page of another origin",
                            "call from the console on this port, or with a client that is no browser"));
        } else {
            next.handle(exchange);
        }
    }

    private static boolean isCrossSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isOurs(origin, request.authority());
    }

    private static boolean isOurs(String origin, @Nullable HostAndPort authority) {
        try {
            return authority != null
                    && authority.toString().equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

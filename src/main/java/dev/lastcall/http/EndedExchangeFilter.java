package dev.lastcall.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * Drops answers of REST that nobody can read any more. REST takes the failed write for a failure of its own and closes the connection,
 * which over HTTP/2 takes the other streams with it (RFC 9113, 5.4.2: a stream's error is its own).
 */
@Singleton
public final class EndedExchangeFilter {
    EndedExchangeFilter() {}

    /** Ends the chain of handlers before the one that writes. */
    @ServerResponseFilter
    public void drop(RoutingContext routing) {
        HttpServerResponse response = routing.response();
        ResteasyReactiveRequestContext rest = CurrentRequestManager.get();
        if (rest != null && response.closed() && !response.ended()) {
            skip(rest);
        }
    }

    /** Lets nothing more of the request be executed; what was to run at its end does. */
    static void skip(ResteasyReactiveRequestContext rest) {
        rest.restart(new ServerRestHandler[0], true);
    }
}

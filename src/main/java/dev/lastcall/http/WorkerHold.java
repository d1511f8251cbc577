package dev.lastcall.http;

import dev.lastcall.drain.Hold;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;

/**
 * A blocking resource method goes on after its client has left, since nobody can stop a worker thread: its entry stays in flight until
 * the method returns. Runs on the worker, just before the method.
 */
@Singleton
public final class WorkerHold {
    WorkerHold() {}

    /** Holds the request's entry until REST has finished with the request; a client that left while this waited for a worker needs none. */
    @ServerRequestFilter
    public void hold(RoutingContext routing) {
        ResteasyReactiveRequestContext rest = CurrentRequestManager.get();
        Exchange exchange = CurrentExchange.of(routing.request());
        if (exchange == null || rest == null || !rest.getTarget().isBlocking()) {
            return;
        }
        Hold hold = exchange.entry().hold();
        if (hold == null) {
            EndedExchangeFilter.skip(rest);
        } else {
            rest.registerCompletionCallback(failure -> hold.close());
        }
    }
}

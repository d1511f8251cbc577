package dev.lastcall.http;

import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Hold;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Outcome;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ServiceUnavailableException;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * A blocking resource method goes on after its client has left, since nobody can stop a worker thread: its entry stays in flight until
 * the method returns. Runs on the worker, just before the method.
 */
@Singleton
public final class WorkerHold {
    private final InFlight inFlight;

    WorkerHold(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    /** Holds the request's entry until REST has finished with the request. */
    @ServerRequestFilter
    public void hold(RoutingContext routing) {
        ResteasyReactiveRequestContext rest = CurrentRequestManager.get();
        Exchange exchange = CurrentExchange.of(routing);
        if (exchange != null && rest != null && rest.getTarget().isBlocking()) {
            Runnable release = holdOf(exchange);
            rest.registerCompletionCallback(failure -> release.run());
        }
    }

    private Runnable holdOf(Exchange exchange) {
        @Nullable Hold hold = exchange.entry().hold();
        if (hold != null) {
            return hold::close;
        }
        // The client left while this waited for a worker. The method is still to run, so it is counted like anything
        // else that begins.
        if (inFlight.admit(exchange, EntryClass.UNARY, false) instanceof Entry entry) {
            return () -> entry.end(Outcome.LEFT);
        }
        throw new ServiceUnavailableException("shutting down, and the client has left");
    }
}

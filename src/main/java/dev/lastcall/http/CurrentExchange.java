package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The exchange of the request being executed; gives resources its {@link DrainSignal} to inject. */
@Singleton
final class CurrentExchange {
    /** Known as the supplier of a signal: routes have no request scope to be injected from, and need not know this room. */
    private static final String KEY = DrainSignal.class.getName();

    private final CurrentVertxRequest current;

    CurrentExchange(CurrentVertxRequest current) {
        this.current = current;
    }

    /** The request's own Vert.x context knows it: that is the one thing all wrappers of a request share. */
    static void set(HttpServerRequestInternal request, Exchange exchange) {
        request.context().putLocal(KEY, exchange);
    }

    static @Nullable Exchange of(@Nullable RoutingContext context) {
        return context != null && context.request() instanceof HttpServerRequestInternal request
                ? request.context().getLocal(KEY)
                : null;
    }

    /**
     * Dependent, not request-scoped: what is injected is the entry itself, which timers and other threads may ask long after the request
     * scope has gone.
     */
    @Produces
    @Dependent
    DrainSignal signal() {
        Exchange exchange = of(current.getCurrent());
        return exchange == null ? Uncounted.SIGNAL : exchange.get();
    }
}

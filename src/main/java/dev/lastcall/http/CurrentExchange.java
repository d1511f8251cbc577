package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.drain.Entry;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** The exchange of the request being executed; gives resources its {@link DrainSignal} to inject. */
@Singleton
final class CurrentExchange {
    private static final String KEY = CurrentExchange.class.getName();

    private final CurrentVertxRequest current;

    CurrentExchange(CurrentVertxRequest current) {
        this.current = current;
    }

    static void set(RoutingContext context, Exchange exchange) {
        context.put(KEY, exchange);
        // Routes of the router have no request scope to be injected from.
        context.put(DrainSignal.class.getName(), exchange.entry());
    }

    static @Nullable Exchange of(@Nullable RoutingContext context) {
        return context == null ? null : context.get(KEY);
    }

    /**
     * Dependent, not request-scoped: what is injected is the entry itself, which timers and other threads may ask long after the request
     * scope has gone.
     */
    @Produces
    @Dependent
    DrainSignal signal() {
        Exchange exchange = of(current.getCurrent());
        return exchange == null ? Uncounted.SIGNAL : signalOf(exchange.entry());
    }

    private static DrainSignal signalOf(Entry entry) {
        return entry;
    }
}

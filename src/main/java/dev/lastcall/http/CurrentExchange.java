package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.impl.ContextInternal;
import org.jspecify.annotations.Nullable;

/** The exchange of a request: the request's own Vert.x context carries it, which is the one thing all wrappers of a request share. */
public final class CurrentExchange {
    private static final Object KEY = CurrentExchange.class;

    private CurrentExchange() {}

    static void set(HttpServerRequestInternal request, Exchange exchange) {
        request.context().putLocal(KEY, exchange);
    }

    /** Returns the exchange of a request; null where the drain does not count it. */
    public static @Nullable Exchange of(HttpServerRequest request) {
        return request instanceof HttpServerRequestInternal known
                ? known.context().getLocal(KEY)
                : null;
    }

    /** The signal of a request; one that is never cancelled where the drain does not count the request. */
    public static DrainSignal signal(HttpServerRequest request) {
        Exchange exchange = of(request);
        return exchange == null ? UncountedSignal.INSTANCE : exchange.signal();
    }

    /** The signal of the request on whose Vert.x context this runs; null where it is none, or one that is not counted. */
    static @Nullable DrainSignal running() {
        Context context = Vertx.currentContext();
        if (!(context instanceof ContextInternal known) || !known.isDuplicate()) {
            return null;
        }
        Exchange exchange = context.getLocal(KEY);
        return exchange == null ? null : exchange.signal();
    }
}

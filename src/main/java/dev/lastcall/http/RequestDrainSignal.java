package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * The signal that beans inject. It asks anew at each call which request it is called for, so that a bean that outlives a request, as a
 * resource without a scope does, never keeps an earlier client's. Thread-safe.
 */
@Singleton
final class RequestDrainSignal implements DrainSignal {
    private final CurrentVertxRequest request;

    RequestDrainSignal(CurrentVertxRequest request) {
        this.request = request;
    }

    @Override
    public DrainSignal current() {
        DrainSignal running = CurrentExchange.running();
        if (running != null) {
            return running;
        }
        ArcContainer container = Arc.container();
        boolean active = container != null && container.requestContext().isActive();
        RoutingContext routing = active ? request.getCurrent() : null;
        return routing == null ? UncountedSignal.INSTANCE : CurrentExchange.signal(routing.request());
    }

    @Override
    public boolean isCancelled() {
        return current().isCancelled();
    }

    @Override
    public boolean clientGone() {
        return current().clientGone();
    }

    @Override
    public void breakOff() {
        current().breakOff();
    }

    @Override
    public Registration onCancelled(Runnable action) {
        return current().onCancelled(action);
    }
}

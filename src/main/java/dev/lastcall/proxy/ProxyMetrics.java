package dev.lastcall.proxy;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** {@code lastcall_proxy_connections_ended_total}: clients' connections and streams that a limit ended. */
@Singleton
final class ProxyMetrics implements MeterBinder {
    private final Sidecar sidecar;

    ProxyMetrics(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bind(registry, "send-timeout", Sidecar::stalled);
        bind(registry, "max-connections", Sidecar::surplus);
    }

    private void bind(MeterRegistry registry, String limit, ToDoubleFunction<Sidecar> count) {
        FunctionCounter.builder("lastcall.proxy.connections.ended", sidecar, count)
                .description("Connections and streams of clients that a limit ended")
                .tag("limit", limit)
                .register(registry);
    }
}

package dev.lastcall.http.limits;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** The numbers of clients' connections and streams that each limit has ended. Thread-safe. */
final class LimitCounts {
    final LongAdder slowHeads = new LongAdder();
    final LongAdder stalledWrites = new LongAdder();
    final LongAdder surplusConnections = new LongAdder();

    void bindTo(MeterRegistry registry) {
        bind(registry, "head-timeout", slowHeads);
        bind(registry, "send-timeout", stalledWrites);
        bind(registry, "max-connections", surplusConnections);
    }

    private static void bind(MeterRegistry registry, String limit, LongAdder count) {
        FunctionCounter.builder("lastcall.http.connections.ended", count, LongAdder::sum)
                .description("Connections and streams of clients that a limit ended")
                .tag("limit", limit)
                .register(registry);
    }
}

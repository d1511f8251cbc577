package dev.lastcall.management;

import dev.lastcall.process.Processes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;

/** Whether the supervised programs run. */
@Singleton
final class ProcessMetrics implements MeterBinder {
    private final Processes processes;

    ProcessMetrics(Processes processes) {
        this.processes = processes;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : processes.up().keySet()) {
            Gauge.builder(
                            "lastcall.process.up",
                            processes,
                            source -> source.up().getOrDefault(name, false) ? 1 : 0)
                    .tag("name", name)
                    .description("1 where the supervised program runs and is ready")
                    .register(registry);
        }
    }
}

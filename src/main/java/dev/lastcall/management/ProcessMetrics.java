package dev.lastcall.management;

import dev.lastcall.process.Processes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The metrics of this process: its build, its processor time, and whether the programs that it supervises run. */
@Singleton
final class ProcessMetrics implements MeterBinder {
    private final Processes processes;
    private final String version;

    ProcessMetrics(Processes processes, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.processes = processes;
        this.version = version;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("lastcall.build.info", () -> 1)
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .description("1, with the version of this build and of the JVM that it runs on")
                .register(registry);
        FunctionCounter.builder("process.cpu", ProcessHandle.current(), ProcessMetrics::processorSeconds)
                .baseUnit("seconds")
                .description("Processor time that the process has used")
                .register(registry);
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

    private static double processorSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }
}

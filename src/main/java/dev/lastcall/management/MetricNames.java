package dev.lastcall.management;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;

/** Corrects the names and texts of what Quarkus measures, where Prometheus' own check complains of them. */
final class MetricNames {
    /** In nanoseconds; {@link ProcessMetrics} has it in seconds. */
    private static final String LEFT_OUT = "process.cpu.time";

    private static final Map<String, String> RENAMED = Map.of("system.cpu.count", "system.cpus");

    private static final Map<String, String> TEXTS = Map.of(
            "http.server.active.requests", "Requests that the HTTP server is answering",
            "netty.allocator.memory.pinned", "Memory of Netty's buffers that are in use",
            "netty.allocator.memory.used", "Memory that Netty's allocator holds",
            "netty.allocator.pooled.arenas", "Arenas of Netty's pooled allocator",
            "netty.allocator.pooled.cache.size", "Size of the caches of Netty's pooled allocator",
            "netty.allocator.pooled.chunk.size", "Size of a chunk of Netty's pooled allocator",
            "netty.allocator.pooled.threadlocal.caches", "Caches of threads of Netty's pooled allocator",
            "netty.eventexecutor.tasks.pending", "Tasks that wait for an event loop");

    MetricNames() {}

    private static String snake(String label) {
        return label.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    @Produces
    @Singleton
    static MeterFilter filter() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                // A timer of what is under way has parts that get no text.
                boolean complained = id.getName().equals(LEFT_OUT) || id.getType() == Meter.Type.LONG_TASK_TIMER;
                return complained ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }

            @Override
            public Meter.Id map(Meter.Id id) {
                String text = id.getDescription();
                boolean silent = text == null || text.isBlank();
                String better =
                        silent ? TEXTS.getOrDefault(id.getName(), id.getName().replace('.', ' ')) : text;
                return new Meter.Id(
                        RENAMED.getOrDefault(id.getName(), id.getName()),
                        Tags.of(id.getTags().stream()
                                .map(tag -> Tag.of(snake(tag.getKey()), tag.getValue()))
                                .toList()),
                        id.getBaseUnit(),
                        better,
                        id.getType());
            }
        };
    }
}

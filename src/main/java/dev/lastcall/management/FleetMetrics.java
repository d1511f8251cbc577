package dev.lastcall.management;

import dev.lastcall.drain.Trigger;
import dev.lastcall.fleet.DrainCount;
import dev.lastcall.fleet.History;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The numbers of the whole fleet's drains, told by every pod that is alive: a pod's own last numbers are raised when nothing can scrape them any
 * more. Every pod tells the same numbers, those of the PostgreSQL or Redis that they share; without one there are none.
 */
@Singleton
final class FleetMetrics implements MeterBinder {
    /** The ends that exist from the start, so that the first one of each is an increase. */
    private static final List<String> EXITS = List.of("0", "1", "undone", "expired", "lost");

    private final History history;

    FleetMetrics(History history) {
        this.history = history;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (!history.isShared()) {
            return;
        }
        sum(registry, "requests.cut", "Ended by force at the end of the fleet's drains", DrainCount::cut);
        sum(registry, "requests.rejected", "Answered 503 in the fleet's drains", DrainCount::rejected);
        sum(registry, "runs.lost", "Runs that ended with their pod and nobody goes on with", DrainCount::runsLost);
        sum(registry, "release.timeouts", "Release steps that did not end in time", DrainCount::releaseTimeouts);
        for (String trigger : Stream.concat(Stream.of(Trigger.values()).map(Trigger::key), Stream.of("none"))
                .toList()) {
            for (String exit : EXITS) {
                drains(registry, trigger, exit, count -> count.exit().equals(exit));
            }
            // Of a supervised program: a series for each of 256 would be told by each of the pods.
            drains(registry, trigger, "other", count -> !EXITS.contains(count.exit()));
        }
    }

    private void sum(MeterRegistry registry, String name, String description, ToLongFunction<DrainCount> part) {
        FunctionCounter.builder("lastcall.fleet." + name, history, source -> source.totals().stream()
                        .mapToLong(part)
                        .sum())
                .description(description)
                .register(registry);
    }

    private void drains(MeterRegistry registry, String trigger, String exit, Predicate<DrainCount> which) {
        FunctionCounter.builder("lastcall.fleet.drains", history, source -> source.totals().stream()
                        .filter(count -> count.trigger().equals(trigger) && which.test(count))
                        .mapToLong(DrainCount::drains)
                        .sum())
                .tag("trigger", trigger)
                .tag("exit", exit)
                .description("Drains of the fleet by their first trigger and the exit code, or how else they ended")
                .register(registry);
    }
}

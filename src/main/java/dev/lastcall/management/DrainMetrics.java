package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The drain's metrics. All are read when they are scraped: a request pays nothing. Counters run since the process started. */
@Singleton
final class DrainMetrics implements MeterBinder {
    private final Drain drain;
    private final InFlight inFlight;

    DrainMetrics(Drain drain, InFlight inFlight) {
        this.drain = drain;
        this.inFlight = inFlight;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (DrainState state : DrainState.values()) {
            Gauge.builder("lastcall.drain.state", drain, source -> source.state() == state ? 1 : 0)
                    .tag("state", state.key())
                    .description("1 for the state that the drain is in, 0 for the others")
                    .register(registry);
        }
        for (EntryClass kind : EntryClass.values()) {
            bindClass(registry, kind);
        }
        count(registry, "served", "Answered by us since the process started", Totals::served);
        count(registry, "rejected", "Answered 503 by the closed gate since the process started", Totals::rejected);
        count(registry, "left", "Ended by their client since the process started", Totals::left);
        Map<String, Counter> drains = Stream.of(Trigger.values())
                .collect(Collectors.toUnmodifiableMap(Trigger::key, trigger -> Counter.builder("lastcall.drains")
                        .tag("trigger", trigger.key())
                        .description("Drains that began, by their first trigger")
                        .register(registry)));
        drain.subscribe(note -> {
            Counter begun = begins(note) ? drains.get(note.detail()) : null;
            if (begun != null) {
                begun.increment();
            }
        });
        Gauge.builder("lastcall.drain.deadline.remaining", drain, DrainMetrics::secondsLeft)
                .baseUnit("seconds")
                .description("Until the process must be gone; only where something terminates it, negative after that")
                .register(registry);
        drain.subscribe(new StageTimes(registry, drain.state()));
    }

    /** The trigger that ended SERVING; a later one joins. */
    private static boolean begins(Note note) {
        return note.event() == Note.Event.TRIGGER && note.state() == DrainState.SERVING;
    }

    /** Left out of the scrape where it is no number. */
    private static double secondsLeft(Drain drain) {
        Duration left = drain.view().remaining();
        return left == null ? Double.NaN : left.toNanos() / 1e9;
    }

    private void bindClass(MeterRegistry registry, EntryClass kind) {
        Gauge.builder("lastcall.in.flight", inFlight, source -> source.countByClass()
                        .getOrDefault(kind, 0L))
                .tag("class", kind.key())
                .description("Admitted and not ended")
                .register(registry);
        FunctionCounter.builder("lastcall.requests.cut", inFlight, source -> source.cutOf(kind))
                .tag("class", kind.key())
                .description("Ended by force at the end of CANCELLING")
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String description, ToLongFunction<Totals> part) {
        FunctionCounter.builder("lastcall.requests." + name, inFlight, source -> part.applyAsLong(source.totals()))
                .description(description)
                .register(registry);
    }
}

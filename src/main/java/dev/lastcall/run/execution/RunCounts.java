package dev.lastcall.run.execution;

import dev.lastcall.run.tail.TailSource;
import dev.lastcall.run.tail.Tails;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Metrics of this pod's runs, read at each scrape. Thread-safe. */
public final class RunCounts implements MeterBinder {
    private final Tails tails;
    public final AtomicLong owned = new AtomicLong();
    private final LongAdder fenced = new LongAdder();
    private final LongAdder respent = new LongAdder();
    private final LongAdder handoffs = new LongAdder();
    private final LongAdder handoffNanos = new LongAdder();

    public RunCounts(Tails tails) {
        this.tails = tails;
    }

    void fenced() {
        fenced.increment();
    }

    /** The model reads or says these tokens once more. */
    public void respent(long tokens) {
        respent.add(tokens);
    }

    void handedOff(Duration took) {
        handoffs.increment();
        handoffNanos.add(took.toNanos());
    }

    public long handoffs() {
        return handoffs.sum();
    }

    Duration handoffTime() {
        return Duration.ofNanos(handoffNanos.sum());
    }

    public long respent() {
        return respent.sum();
    }

    public long fences() {
        return fenced.sum();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("lastcall.runs.owned", owned, AtomicLong::get)
                .description("Runs that this pod executes")
                .register(registry);
        FunctionCounter.builder("lastcall.runs.fenced", fenced, LongAdder::sum)
                .description("Runs that another pod took from this one")
                .register(registry);
        FunctionCounter.builder("lastcall.tokens.respent", respent, LongAdder::sum)
                .description("Tokens that a model read or said once more because a run was interrupted")
                .register(registry);
        FunctionTimer.builder(
                        "lastcall.handoff",
                        this,
                        RunCounts::handoffs,
                        all -> all.handoffNanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("From the decision to give a run away until it was free")
                .register(registry);
        for (TailSource source : TailSource.values()) {
            FunctionCounter.builder("lastcall.tail.source", tails, all -> all.takenFrom(source))
                    .tag("source", source.key())
                    .description("Events that tails took from there")
                    .register(registry);
        }
    }
}

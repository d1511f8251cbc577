package dev.lastcall.run;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Time;
import dev.lastcall.model.Model;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** The parts of running, put together. */
@Dependent
final class RunBeans {
    /** How long a run that only this process knows can be read after its end. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    @Produces
    @Singleton
    RunLog log(RunStore store) {
        return store.runs()
                .<RunLog>map(PostgresRuns::log)
                .orElseGet(() -> new MemoryLog(Clock.systemUTC(), REMEMBERED));
    }

    @Produces
    @Singleton
    Ownership ownership(RunStore store, RunConfig config) {
        return store.runs().<Ownership>map(PostgresRuns::ownership).orElseGet(() -> new Alone(config.maxOwned()));
    }

    @Produces
    @Singleton
    RunLimits limits(RunConfig config, LimitsConfig more) {
        return new RunLimits(config.maxDuration(), more.maxTokens(), more.maxAttempts(), more.maxPerTenant());
    }

    @Produces
    @Singleton
    Tails tails(RunLog log, Time time) {
        return new Tails(log, time);
    }

    @Produces
    @Singleton
    RunCounts counts(Tails tails) {
        return new RunCounts(tails);
    }

    @Produces
    @Singleton
    Desk desk(RunLog log, Model model, Time time, Tails tails, RunLimits limits) {
        return new Desk(log, model, time, tails, limits);
    }

    @Produces
    @Singleton
    Executions executions(Desk desk, InFlight inFlight, RunCounts counts) {
        return new Executions(desk, inFlight, counts);
    }

    @Produces
    @Singleton
    Runs runs(Desk desk, Ownership ownership, Executions executions, Tails tails) {
        return new Runs(desk.log(), ownership, executions, tails, desk.limits());
    }

    void start(
            @Observes StartupEvent starting,
            Drain drain,
            Time time,
            Ownership ownership,
            Executions executions,
            Tails tails) {
        drain.subscribe(new Handoffs(drain, time, ownership, executions));
        ownership.start(executions);
        tails.poll();
    }
}

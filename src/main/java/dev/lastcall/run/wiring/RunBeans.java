package dev.lastcall.run.wiring;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import dev.lastcall.model.Model;
import dev.lastcall.run.Runs;
import dev.lastcall.run.execution.ExecutionContext;
import dev.lastcall.run.execution.Executions;
import dev.lastcall.run.execution.Handoffs;
import dev.lastcall.run.execution.RunCounts;
import dev.lastcall.run.execution.RunLimits;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.ownership.LocalOwnership;
import dev.lastcall.run.ownership.Ownership;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.redis.CommitAnnouncer;
import dev.lastcall.run.redis.RedisCommitAnnouncer;
import dev.lastcall.run.tail.Tails;
import dev.lastcall.run.toolcall.ToolLedger;
import dev.lastcall.run.toolcall.Toolbox;
import dev.lastcall.run.toolcall.VolatileToolLedger;
import dev.lastcall.tool.RequestTools;
import dev.lastcall.tool.Tools;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;

/** The parts of running, put together. */
@Dependent
final class RunBeans {
    /** The time for which a run in memory can be read after its end. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    @Produces
    @Singleton
    RunLog log(RunStore store, RunConfig config) {
        long bytes = config.memory()
                .map(MemorySize::asLongValue)
                .orElseGet(() -> Runtime.getRuntime().maxMemory() / 4);
        return store.runs()
                .<RunLog>map(PostgresRuns::log)
                .orElseGet(() -> new MemoryLog(Clock.systemUTC(), REMEMBERED, bytes));
    }

    @Produces
    @Singleton
    Ownership ownership(RunStore store, RunConfig config) {
        return store.runs()
                .<Ownership>map(PostgresRuns::ownership)
                .orElseGet(() -> new LocalOwnership(config.maxOwned()));
    }

    @Produces
    @Singleton
    RunLimits limits(RunConfig config) {
        return new RunLimits(config.maxDuration(), config.maxTokens(), config.maxAttempts(), config.maxPerTenant());
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
    Toolbox toolbox(Tools tools, RunStore store, Ownership ownership, Time time, RunConfig config, RequestTools own) {
        ToolLedger ledger = store.runs().<ToolLedger>map(PostgresRuns::ledger).orElseGet(VolatileToolLedger::new);
        return new Toolbox(tools, ledger, ownership::isSure, time, config.maxTurns(), own);
    }

    @Produces
    @Singleton
    ExecutionContext context(
            RunLog log,
            Model model,
            Time time,
            Tails tails,
            RunLimits limits,
            Toolbox toolbox,
            CommitAnnouncer announcer) {
        return new ExecutionContext(log, model, time, tails.then(announcer), limits, toolbox);
    }

    /** The announcer on Redis if Redis and PostgreSQL are configured, else none. */
    @Produces
    @Singleton
    CommitAnnouncer announcer(
            RunLog log, Tails tails, Time time, Vertx vertx, InjectableInstance<ReactiveRedisDataSource> redis) {
        return log.durable() && !redis.listActive().isEmpty()
                ? new RedisCommitAnnouncer(redis.listActive().get(0).getRedis().getDelegate(), vertx, tails, time)
                : CommitAnnouncer.NONE;
    }

    @Produces
    @Singleton
    Executions executions(ExecutionContext context, InFlight inFlight, RunCounts counts) {
        return new Executions(context, inFlight, counts);
    }

    @Produces
    @Singleton
    Runs runs(ExecutionContext context, Ownership ownership, Executions executions, Tails tails) {
        return new Runs(context.log(), ownership, executions, tails, context.limits());
    }

    void start(
            @Observes StartupEvent starting,
            Drain drain,
            Time time,
            Ownership ownership,
            Executions executions,
            Tails tails,
            CommitAnnouncer announcer) {
        drain.subscribe(new Handoffs(drain, time, ownership, executions));
        ownership.start(executions);
        tails.poll();
        announcer.start(run -> {
            if (executions.owns(run)) {
                ownership.look();
            }
        });
    }

    /** Registered after the step that closes Redis itself, because within a stage the last one registered is released first. */
    void register(
            @Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent started,
            CommitAnnouncer announcer,
            ReleaseSteps steps) {
        if (announcer instanceof ReleaseStep step) {
            steps.register(step);
        }
    }
}

package dev.lastcall.run.wiring;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.postgres.RunSettings;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** The runs in PostgreSQL, where one is configured; opened with the process and given up in its release. Thread-safe. */
@Singleton
@Startup
final class RunStore {
    private final @Nullable PostgresRuns runs;

    RunStore(
            RunConfig config,
            Time time,
            ReleaseSteps steps,
            InjectableInstance<AgroalDataSource> sources,
            InjectableInstance<Flyway> migrations) {
        RunSettings settings = checked(config);
        Optional<Flyway> flyway = migrations.listActive().stream().findFirst();
        runs = sources.listActive().stream()
                .findFirst()
                .map(source -> new DatabaseStart(source, flyway, time, settings).open(config.startTimeout()))
                .orElse(null);
        if (runs != null) {
            steps.register(new Release(runs));
        }
    }

    private static RunSettings checked(RunConfig config) {
        try {
            return new RunSettings(
                            config.retention(),
                            config.maxDuration(),
                            config.maxOwned(),
                            config.lease(),
                            config.appenders(),
                            config.commitInterval(),
                            config.version())
                    .with(config.maxWait(), config.maxWaiting(), config.partitions() == RunConfig.Partitions.OWN);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /** Whether the log takes what this pod writes; without a database it always does. */
    boolean isWritable() {
        return runs == null || runs.isWritable();
    }

    /** Returns the store; empty where no PostgreSQL is configured, so that runs live in this process. */
    Optional<PostgresRuns> runs() {
        return Optional.ofNullable(runs);
    }

    /** The lease outlives the signal: until here this pod answers for its runs. */
    private record Release(PostgresRuns runs) implements ReleaseStep {
        @Override
        public String name() {
            return "lease";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.RUNS;
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(3);
        }

        @Override
        public void release() {
            runs.close();
        }
    }
}

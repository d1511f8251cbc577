package dev.lastcall.fleet;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The past drains: of all pods where there is an archive, else of this process. A drain that ends with the process is saved in a release
 * step, an undone one at once. Thread-safe.
 *
 * <p>The archive is never waited for by the drain: the notes only hand over to this room's own thread, the release step has a limit and is
 * optional, and the console gives up before the server does.
 */
@Singleton
@Startup
public final class History {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.fleet");
    private static final Duration ANSWER_LIMIT = Duration.ofMillis(1500);
    /** The time that a sign of life under way may still take in the release. */
    private static final Duration LAST_SIGN = Duration.ofMillis(200);

    private final Drain drain;
    private final ReleaseSteps steps;
    private final InMemoryHistory recollection = new InMemoryHistory();
    private final @Nullable Archive archive;
    private final ArchiveThread thread = new ArchiveThread();
    private final DrainRecords records;
    private final @Nullable SignsOfLife signs;

    @Inject
    History(
            Drain drain,
            ReleaseSteps steps,
            Identity identity,
            Time time,
            FleetConfig config,
            InjectableInstance<AgroalDataSource> sources,
            InjectableInstance<ReactiveRedisDataSource> redis) {
        this(drain, steps, identity, time, archive(config, sources, redis));
    }

    History(Drain drain, ReleaseSteps steps, Identity identity, Time time, @Nullable Archive archive) {
        this.drain = drain;
        this.steps = steps;
        this.archive = archive;
        records = new DrainRecords(identity);
        drain.subscribeUndone(report -> keep(records.undone(report)));
        signs = archive == null ? null : new SignsOfLife(drain, identity, time, archive, thread);
        if (archive != null && signs != null) {
            steps.register(new Save(() -> close(archive)));
            signs.start();
        }
    }

    /** Writes this drain down; a sign that is just given ends before its database does. */
    private void close(Archive shared) throws Exception {
        try {
            shared.save(records.ended(drain.report(steps)));
        } finally {
            thread.close(LAST_SIGN);
        }
    }

    /** Returns the numbers of the fleet's drains since it began, as of some seconds ago; empty where nothing is shared. */
    public List<DrainCount> totals() {
        return signs == null ? List.of() : signs.totals();
    }

    /** PostgreSQL's where there is one: it survives what a Redis may forget. */
    private static @Nullable Archive archive(
            FleetConfig config,
            InjectableInstance<AgroalDataSource> sources,
            InjectableInstance<ReactiveRedisDataSource> redis) {
        FleetSettings settings = checked(config);
        return Stream.concat(
                        sources.listActive().stream()
                                .<Archive>map(source -> new PostgresArchive(source, settings.retention())),
                        redis.listActive().stream().<Archive>map(source -> new RedisArchive(source, settings)))
                .findFirst()
                .orElse(null);
    }

    private static FleetSettings checked(FleetConfig config) {
        try {
            return FleetSettings.of(config);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /** Whether other pods' drains are here too. */
    public boolean isShared() {
        return archive != null;
    }

    /**
     * The drains that were asked for, the latest first. Fails where PostgreSQL does not answer in 1.5 s, or answers with an error. Completed
     * on any thread.
     */
    public CompletionStage<List<PastDrain>> find(HistoryQuery query) {
        Archive shared = archive;
        if (shared == null) {
            return CompletableFuture.completedFuture(recollection.find(query));
        }
        return thread.submit(() -> shared.find(query)).orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void keep(PastDrain undone) {
        recollection.add(undone);
        Archive shared = archive;
        if (shared != null) {
            CompletionStage<PastDrain> saving = thread.submit(() -> {
                shared.save(undone);
                return undone;
            });
            saving.whenComplete((saved, failure) -> {
                if (failure != null) {
                    LOG.warnf("the undone drain was not saved generation=%d: %s", undone.generation(), failure);
                }
            });
        }
    }

    /** Optional: a drain that lost nothing is a success, also where nobody wrote it down. */
    private record Save(Statement statement) implements ReleaseStep {
        @Override
        public String name() {
            return "history";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.STATE;
        }

        /** More than the archive's own limit, less than what a release gets in any case. */
        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public boolean isOptional() {
            return true;
        }

        @Override
        public void release() throws Exception {
            statement.run();
        }
    }

    private interface Statement {
        void run() throws Exception;
    }
}

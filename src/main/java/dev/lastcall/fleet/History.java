package dev.lastcall.fleet;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Report;
import dev.lastcall.drain.Time;
import dev.lastcall.shutdown.ReportJson;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The past drains: of all pods where there is an archive, else of this process. A drain that ends with the process is saved in a release
 * step, an undone one at once. Thread-safe.
 *
 * <p>PostgreSQL is never waited for by the drain: the notes only hand over to this room's own thread, the release step has a limit and is
 * optional, and the console gives up before the server does. The thread has a short queue, because a server that is silent would
 * otherwise collect whatever the console asks for.
 */
@Singleton
@Startup
public final class History {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.fleet");
    private static final Duration ANSWER_LIMIT = Duration.ofMillis(1500);
    private static final int WAITING = 16;

    /** Six of them make a minute of silence, after which a process is lost. */
    private static final Duration FIRST_SIGN = Duration.ofSeconds(1);

    private static final Duration SIGN_PACE = Duration.ofSeconds(10);
    /** What a sign under way may still take in the release. */
    private static final Duration LAST_SIGN = Duration.ofMillis(200);

    private final Drain drain;
    private final ReleaseSteps steps;
    private final Identity identity;
    private final InMemoryHistory recollection = new InMemoryHistory();
    private final @Nullable Archive archive;
    private final ThreadPoolExecutor thread;
    private final Instant started = Instant.now();
    private volatile List<DrainCount> totals = List.of();

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
        this.identity = identity;
        this.archive = archive;
        thread = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, "lastcall-history");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
        drain.subscribeUndone(report -> keep(undone(report)));
        if (archive != null) {
            steps.register(new Save(() -> close(archive)));
            time.schedule(FIRST_SIGN, () -> sign(time, archive));
        }
    }

    /** Writes this drain down; a sign that is just given ends before its database does. */
    private void close(Archive shared) throws Exception {
        try {
            shared.save(ended());
        } finally {
            thread.shutdown();
            boolean unused = thread.awaitTermination(LAST_SIGN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** On the engine's timer thread, which waits for nothing: whatever happens to this sign, the next is given. */
    private void sign(Time time, Archive shared) {
        if (drain.state() == DrainState.RELEASING || drain.state() == DrainState.STOPPED) {
            return;
        }
        ProcessSign sign = ProcessSign.of(identity, drain.view(), started);
        CompletionStage<List<DrainCount>> counted = submit(() -> shared.sign(sign));
        counted.whenComplete((counts, failure) -> {
            if (failure == null) {
                totals = counts;
            } else {
                LOG.debugf("no sign of life was given: %s", failure);
            }
        });
        time.schedule(SIGN_PACE, () -> sign(time, shared));
    }

    /** What the fleet's drains have come to since it began, as of some seconds ago; empty where nothing is shared. */
    public List<DrainCount> totals() {
        return totals;
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
        return submit(() -> shared.find(query)).orTimeout(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                // Nobody waits any more for what waited too long itself.
                if (!result.isDone()) {
                    complete(result, task);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }

    private void keep(PastDrain undone) {
        recollection.add(undone);
        Archive shared = archive;
        if (shared != null) {
            CompletionStage<PastDrain> saving = submit(() -> {
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

    private PastDrain undone(Report report) {
        DrainView whole = report.drain();
        Instant last = whole.notes().get(whole.notes().size() - 1).at();
        Instant start = Optional.ofNullable(whole.startedAt()).orElse(last);
        Instant end = latest(start, last, whole.notes());
        JsonObject json = new JsonObject(ReportJson.ofUndone(report).toString());
        return past(whole.generation(), PastDrain.Ending.UNDONE, start, end, json);
    }

    /** The drain that is just releasing; its exit code is what it will be unless a later step fails. */
    private PastDrain ended() {
        Report report = drain.report(steps);
        Instant now = Instant.now();
        Instant start = Optional.ofNullable(report.drain().startedAt()).orElse(now);
        Instant end = latest(start, now, report.drain().notes());
        JsonObject json =
                new JsonObject(ReportJson.of(report, report.exitCode()).toString());
        return past(report.drain().generation(), PastDrain.Ending.ENDED, start, end, json);
    }

    /** A clock that was set back in a drain does not make it end before it began. */
    private static Instant latest(Instant start, Instant now, List<Note> notes) {
        Instant least =
                notes.isEmpty() ? start : start.plus(notes.get(notes.size() - 1).elapsed());
        return now.isBefore(least) ? least : now;
    }

    private PastDrain past(
            long generation, PastDrain.Ending ending, Instant startedAt, Instant endedAt, JsonObject report) {
        return new PastDrain(identity.pod(), identity.instance(), generation, ending, startedAt, endedAt, report);
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

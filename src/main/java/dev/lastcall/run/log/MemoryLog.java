package dev.lastcall.run.log;

import dev.lastcall.run.event.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log where no datasource is configured: the same rules in this process' memory. What has ended is kept for a while, then forgotten;
 * earlier where the memory is needed. Nothing looks at all runs. Thread-safe.
 *
 * <ul>
 *   <li>Full: the oldest ended runs go first, then no run is made any more.
 *   <li>Full of live runs: one that says more is refused by the log, and so fails; its last batch is taken, because it has to end.
 * </ul>
 */
public final class MemoryLog implements RunLog {
    private static final Duration RETRIED_WITHIN = Duration.ofSeconds(60);

    private final Clock clock;
    private final Duration kept;
    private final long most;
    private final Map<UUID, LoggedRun> runs = new HashMap<>();
    private final Map<UUID, Instant> ended = new LinkedHashMap<>();
    private final RunIndex index = new RunIndex();
    private long bytes;

    /** Without a limit. */
    public MemoryLog(Clock clock, Duration kept) {
        this(clock, kept, Long.MAX_VALUE);
    }

    /**
     * A log of limited size.
     *
     * @param kept how long a run can be read after its end
     * @param most bytes, counted as the rows and requests take them, roughly
     */
    public MemoryLog(Clock clock, Duration kept, long most) {
        this.clock = clock;
        this.kept = kept;
        this.most = most;
    }

    @Override
    public boolean durable() {
        return false;
    }

    /** Returns the memory of all runs, in bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized CompletionStage<AppendResult> append(Batch batch) {
        LoggedRun run = runs.get(batch.run());
        if (run == null || !run.isNext(batch)) {
            return done(new AppendResult.Fenced());
        }
        long more = LoggedRun.bytes(batch.rows());
        boolean ends = batch.next() != null && batch.next().isTerminal();
        forget(more);
        // An eighth more than for new runs, so that those that are made can go on for a while.
        if (!ends && bytes + more > most && bytes + more - most > most / 8) {
            return done(new AppendResult.Failed(new LogFull(bytes + more, most)));
        }
        bytes += more;
        run.append(batch);
        if (ends) {
            run.endedAt = clock.instant();
            ended.put(batch.run(), run.endedAt);
            index.ended(run);
        }
        return done(new AppendResult.Committed());
    }

    /** Forgets what ended too long ago, and the oldest of what has ended while there is no room for this much more. */
    private void forget(long more) {
        Instant oldest = clock.instant().minus(kept);
        Iterator<Map.Entry<UUID, Instant>> each = ended.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<UUID, Instant> next = each.next();
            boolean full = more > most - bytes;
            if (!full && next.getValue().isAfter(oldest)) {
                return;
            }
            each.remove();
            remove(next.getKey());
        }
    }

    private void remove(UUID id) {
        LoggedRun run = runs.remove(id);
        if (run != null) {
            bytes -= run.bytes();
            index.remove(run);
        }
    }

    @Override
    public synchronized CompletionStage<Optional<Page>> read(UUID id, int after, int limit) {
        return done(Optional.ofNullable(runs.get(id)).map(run -> run.page(after, limit)));
    }

    @Override
    public synchronized CompletionStage<Optional<Checkpoint>> checkpoint(UUID id, int after) {
        return done(Optional.ofNullable(runs.get(id)).flatMap(run -> run.checkpoint(after)));
    }

    @Override
    public synchronized CompletionStage<Map<UUID, Head>> heads(Collection<UUID> ids) {
        Map<UUID, Head> heads = new HashMap<>();
        for (UUID id : ids) {
            LoggedRun run = runs.get(id);
            if (run != null) {
                heads.put(id, new Head(run.size(), run.status));
            }
        }
        return done(heads);
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run) {
        return insert(run, 0);
    }

    /** Fails with {@link LogFull} where there is no room for another run. */
    @Override
    public synchronized CompletionStage<InsertResult> insert(NewRun run, int retry) {
        if (runs.containsKey(run.id())) {
            return done(new InsertResult.Made());
        }
        LoggedRun standing = index.withKey(run.tenant(), run.key());
        if (standing != null) {
            boolean same = run.hash().equals(standing.made.hash());
            return done(new InsertResult.Existing(standing.made.id(), same));
        }
        LoggedRun made = new LoggedRun(run, retry);
        forget(made.bytes());
        if (made.bytes() > most - bytes) {
            return CompletableFuture.failedFuture(new LogFull(bytes, most));
        }
        bytes += made.bytes();
        runs.put(run.id(), made);
        index.add(made);
        return done(new InsertResult.Made());
    }

    @Override
    public synchronized CompletionStage<Optional<RunMeta>> meta(UUID id) {
        return done(Optional.ofNullable(runs.get(id)).map(LoggedRun::meta));
    }

    @Override
    public synchronized CompletionStage<Optional<Claimed>> seize(UUID id) {
        LoggedRun run = runs.get(id);
        if (run == null || run.status.isTerminal()) {
            return done(Optional.empty());
        }
        run.status = RunStatus.RUNNING;
        run.epoch++;
        return done(Optional.of(new Claimed(id, run.epoch, run.size(), true, 0, 0, run.made.deadline())));
    }

    @Override
    public synchronized CompletionStage<Boolean> delete(UUID id) {
        LoggedRun run = runs.get(id);
        if (run == null || !run.status.isTerminal()) {
            return done(false);
        }
        ended.remove(id);
        remove(id);
        return done(true);
    }

    @Override
    public synchronized CompletionStage<Void> noteHandoff(UUID id, String handoff) {
        LoggedRun run = runs.get(id);
        if (run != null) {
            run.handoffs.add(handoff);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        Optional<LoggedRun> found =
                index.retried(tenant, hash, retry, clock.instant().minus(RETRIED_WITHIN));
        found.ifPresent(run -> run.retry = retry);
        return done(found.map(run -> run.made.id()));
    }

    @Override
    public synchronized CompletionStage<Optional<UUID>> underWay(String tenant, String hash) {
        return done(index.underWay(tenant, hash).stream().findFirst());
    }

    @Override
    public synchronized CompletionStage<List<UUID>> superseded(String tenant, String hash) {
        return done(index.underWay(tenant, hash).stream().skip(1).toList());
    }

    @Override
    public synchronized CompletionStage<Void> answered(UUID id) {
        LoggedRun run = runs.get(id);
        if (run != null) {
            index.answered(run);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Integer> joined(UUID id) {
        LoggedRun run = runs.get(id);
        return done(run == null ? -1 : ++run.clients);
    }

    @Override
    public synchronized CompletionStage<Integer> newestClient(UUID id) {
        LoggedRun run = runs.get(id);
        return done(run == null ? -1 : run.clients);
    }

    @Override
    public synchronized CompletionStage<Integer> live(String tenant) {
        return done(index.live(tenant));
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}

package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The log where no datasource is configured: the same rules in this process' memory. What has ended is kept for a while, then forgotten.
 * Thread-safe.
 */
public final class MemoryLog implements RunLog {
    private static final Duration RETRIED_WITHIN = Duration.ofSeconds(60);

    private final Clock clock;
    private final Duration kept;
    private final Map<UUID, Logged> runs = new HashMap<>();
    private final Map<UUID, Instant> ended = new LinkedHashMap<>();

    /** @param kept how long a run can be read after its end */
    public MemoryLog(Clock clock, Duration kept) {
        this.clock = clock;
        this.kept = kept;
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public synchronized CompletionStage<AppendResult> append(Batch batch) {
        Logged run = runs.get(batch.run());
        if (run == null
                || run.status != RunStatus.RUNNING
                || run.epoch != batch.epoch()
                || run.rows.size() != batch.expected()) {
            return done(new AppendResult.Fenced());
        }
        run.rows.addAll(batch.rows());
        if (batch.next() != null) {
            run.status = batch.next();
            if (batch.next().isTerminal()) {
                run.endedAt = clock.instant();
                ended.put(batch.run(), run.endedAt);
            }
        }
        forget();
        return done(new AppendResult.Committed());
    }

    private void forget() {
        Instant oldest = clock.instant().minus(kept);
        var each = ended.entrySet().iterator();
        while (each.hasNext()) {
            var entry = each.next();
            if (entry.getValue().isAfter(oldest)) {
                return;
            }
            runs.remove(entry.getKey());
            each.remove();
        }
    }

    @Override
    public synchronized CompletionStage<Optional<Page>> read(UUID id, int after, int limit) {
        Logged run = runs.get(id);
        if (run == null) {
            return done(Optional.empty());
        }
        int size = run.rows.size();
        int from = Math.min(size, after + 1);
        int to = (int) Math.min(size, from + (long) limit);
        return done(Optional.of(new Page(size, run.status, List.copyOf(run.rows.subList(from, to)))));
    }

    @Override
    public synchronized CompletionStage<Map<UUID, Head>> heads(Collection<UUID> ids) {
        Map<UUID, Head> heads = new HashMap<>();
        for (UUID id : ids) {
            Logged run = runs.get(id);
            if (run != null) {
                heads.put(id, new Head(run.rows.size(), run.status));
            }
        }
        return done(heads);
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run) {
        return insert(run, 0);
    }

    @Override
    public synchronized CompletionStage<InsertResult> insert(NewRun run, int retry) {
        forget();
        if (run.key() != null) {
            for (Logged other : runs.values()) {
                if (run.key().equals(other.made.key())
                        && run.tenant().equals(other.made.tenant())
                        && !run.id().equals(other.made.id())) {
                    boolean same = run.hash().equals(other.made.hash());
                    return done(new InsertResult.Existing(other.made.id(), same));
                }
            }
        }
        runs.putIfAbsent(run.id(), new Logged(run, retry));
        return done(new InsertResult.Made());
    }

    @Override
    public synchronized CompletionStage<Optional<RunMeta>> meta(UUID id) {
        return done(Optional.ofNullable(runs.get(id)).map(Logged::meta));
    }

    @Override
    public synchronized CompletionStage<Optional<Claimed>> seize(UUID id) {
        Logged run = runs.get(id);
        if (run == null || run.status.isTerminal()) {
            return done(Optional.empty());
        }
        run.status = RunStatus.RUNNING;
        run.epoch++;
        return done(Optional.of(new Claimed(id, run.epoch, run.rows.size(), true, 0, 0, run.made.deadline())));
    }

    @Override
    public synchronized CompletionStage<Boolean> delete(UUID id) {
        Logged run = runs.get(id);
        if (run == null || !run.status.isTerminal()) {
            return done(false);
        }
        runs.remove(id);
        ended.remove(id);
        return done(true);
    }

    @Override
    public synchronized CompletionStage<Void> noteHandoff(UUID id, String handoff) {
        Logged run = runs.get(id);
        if (run != null) {
            run.handoffs.add(handoff);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        Instant oldest = clock.instant().minus(RETRIED_WITHIN);
        Optional<Logged> found = runs.values().stream()
                .filter(run -> run.isMeantBy(tenant, hash, retry))
                .filter(run -> run.endedAt == null || run.endedAt.isAfter(oldest))
                .min(Comparator.comparing(run -> run.made.createdAt()));
        found.ifPresent(run -> run.retry = retry);
        return done(found.map(run -> run.made.id()));
    }

    @Override
    public synchronized CompletionStage<Void> answered(UUID id) {
        Logged run = runs.get(id);
        if (run != null) {
            run.answered = true;
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Integer> joined(UUID id) {
        Logged run = runs.get(id);
        return done(run == null ? -1 : ++run.clients);
    }

    @Override
    public synchronized CompletionStage<Integer> newestClient(UUID id) {
        Logged run = runs.get(id);
        return done(run == null ? -1 : run.clients);
    }

    @Override
    public synchronized CompletionStage<Integer> live(String tenant) {
        return done((int) runs.values().stream()
                .filter(run -> !run.status.isTerminal() && run.made.tenant().equals(tenant))
                .count());
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static final class Logged {
        private final NewRun made;
        private final List<Row> rows;
        private final List<String> handoffs = new ArrayList<>();
        private RunStatus status;
        private int epoch = 1;
        private int retry;
        private boolean answered;
        private int clients;
        private @Nullable Instant endedAt;

        Logged(NewRun made, int retry) {
            this.made = made;
            this.retry = retry;
            rows = new ArrayList<>(made.rows());
            status = made.status();
        }

        boolean isMeantBy(String tenant, String hash, int asked) {
            return !answered
                    && retry < asked
                    && made.tenant().equals(tenant)
                    && made.hash().equals(hash);
        }

        RunMeta meta() {
            return new RunMeta(
                    made.id(),
                    made.tenant(),
                    made.wire(),
                    made.request(),
                    made.stored(),
                    made.createdAt(),
                    endedAt,
                    List.copyOf(handoffs));
        }
    }
}

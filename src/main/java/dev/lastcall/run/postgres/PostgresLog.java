package dev.lastcall.run.postgres;

import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Checkpoint;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.InsertResult;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.Page;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.log.RunMeta;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The log in PostgreSQL: appends, reads and everything else each on threads and connections of their own. Thread-safe. */
public final class PostgresLog implements RunLog, AutoCloseable {
    private static final int MOST_READS = 256;
    private static final int MOST_METAS = 512;
    private static final int MOST_WAITING = 20_000;

    private final List<Appender> appenders = new ArrayList<>();
    private final Session reads;
    private final GroupedReads<EventReader.Range, Optional<Page>> pages;
    private final GroupedReads<UUID, Optional<RunMeta>> metas;
    private final Polls polls;
    private final Session session;
    private final PostgresOwnership ownership;
    private final long patience;

    /** @param session shared with the ownership, so that inserts and claims come one after the other */
    PostgresLog(PrimaryConnections connections, Session session, PostgresOwnership ownership, RunSettings settings) {
        this.session = session;
        this.ownership = ownership;
        patience = settings.requests().patience().toNanos();
        reads = new Session("log-read", connections, settings.requests());
        pages = new GroupedReads<>(reads, MOST_READS, Integer.MAX_VALUE, EventReader::read);
        metas = new GroupedReads<>(reads, MOST_METAS, MOST_WAITING, RunQueries::metas);
        polls = new Polls(connections);
        for (int i = 0; i < settings.appenders(); i++) {
            Session own = new Session("log-append-" + i, connections, settings.requests());
            this.appenders.add(new Appender(own, ownership::incarnation, settings.commitInterval()));
        }
    }

    @Override
    public boolean durable() {
        return true;
    }

    /** A run always has the same appender, which keeps its batches in order. */
    @Override
    public CompletionStage<AppendResult> append(Batch batch) {
        return appenders
                .get(Math.floorMod(batch.run().hashCode(), appenders.size()))
                .append(batch);
    }

    @Override
    public CompletionStage<Optional<Page>> read(UUID run, int after, int limit) {
        return pages.ask(new EventReader.Range(run, after, limit));
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> checkpoint(UUID run, int after) {
        return reads.submit(connection -> RunQueries.checkpoint(connection, run, after));
    }

    @Override
    public CompletionStage<Map<UUID, Head>> heads(Collection<UUID> runs) {
        Set<UUID> asked = Set.copyOf(runs);
        return asked.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : reads.request(connection -> RunQueries.heads(connection, asked));
    }

    /** Beside the reads, because thousands of runs take a while and followers wait for both. */
    @Override
    public CompletionStage<Map<UUID, Optional<Head>>> changes(Map<UUID, Integer> known) {
        return polls.ask(connection -> RunQueries.changes(connection, known));
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run) {
        return insert(run, 0);
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run, int retry) {
        return insert(run, retry, () -> true);
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run, int retry, BooleanSupplier wanted) {
        AtomicBoolean unknown = new AtomicBoolean();
        return session.request(connection -> insert(connection, run, retry, unknown), wanted)
                .whenComplete((inserted, failure) -> {
                    if (failure != null && unknown.get()) {
                        ownership.orphaned(run);
                    }
                });
    }

    /** @param unknown set where a sending may have been committed though it failed */
    private InsertResult insert(Connection connection, NewRun run, int retry, AtomicBoolean unknown)
            throws SQLException {
        Long owner = ownerOf(run);
        try {
            return RunStatements.insert(connection, run, retry, owner);
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.BROKEN && !SqlFailure.isReadOnly(e)) {
                unknown.set(true);
            }
            throw e;
        }
    }

    private @Nullable Long ownerOf(NewRun run) throws SQLException {
        if (run.status() != RunStatus.RUNNING) {
            return null;
        }
        long me = ownership.incarnation();
        if (me == 0) {
            throw new SQLException("this pod has lost its lease (expected: a lease); the run is not inserted", "55000");
        }
        return me;
    }

    @Override
    public CompletionStage<Optional<RunMeta>> meta(UUID run) {
        return metas.ask(run).toCompletableFuture().orTimeout(2 * patience, TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletionStage<Optional<Claimed>> seize(UUID run) {
        return ownership.seize(run);
    }

    @Override
    public CompletionStage<Boolean> delete(UUID run) {
        return session.request(connection -> RunStatements.delete(connection, run));
    }

    @Override
    public CompletionStage<Void> noteHandoff(UUID run, String handoff) {
        return session.submit(connection -> RunStatements.noteHandoff(connection, run, handoff))
                .thenAccept(noted -> {});
    }

    @Override
    public CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        return session.request(connection -> RunStatements.retried(connection, tenant, hash, retry));
    }

    @Override
    public CompletionStage<Optional<UUID>> underWay(String tenant, String hash) {
        return session.request(connection -> RunStatements.underWay(connection, tenant, hash));
    }

    @Override
    public CompletionStage<List<UUID>> superseded(String tenant, String hash) {
        return session.request(connection -> RunStatements.superseded(connection, tenant, hash));
    }

    @Override
    public CompletionStage<Void> expectRetry(UUID run) {
        return session.request(connection -> RunStatements.expectRetry(connection, run))
                .thenAccept(noted -> {});
    }

    @Override
    public CompletionStage<Void> answered(UUID run) {
        return session.request(connection -> RunStatements.answered(connection, run))
                .thenAccept(noted -> {});
    }

    @Override
    public CompletionStage<Integer> joined(UUID run) {
        return session.request(connection -> RunStatements.joined(connection, run));
    }

    @Override
    public CompletionStage<Integer> newestClient(UUID run) {
        return reads.request(connection -> RunStatements.newestClient(connection, run));
    }

    @Override
    public CompletionStage<Integer> live(String tenant) {
        return reads.request(connection -> RunStatements.live(connection, tenant));
    }

    /** Closes the appenders, the reads and the polls; the shared session is its owner's. */
    @Override
    public void close() {
        appenders.forEach(Appender::close);
        reads.close();
        polls.close();
    }

    /** Waits like {@link Session#awaitEnd}, for all its parts. */
    void awaitEnd(long deadline) throws InterruptedException {
        for (Appender appender : appenders) {
            appender.awaitEnd(deadline);
        }
        reads.awaitEnd(deadline);
        polls.awaitEnd(deadline);
    }
}

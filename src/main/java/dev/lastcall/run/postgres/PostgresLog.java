package dev.lastcall.run.postgres;

import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.InsertResult;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.Page;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.log.RunMeta;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The log in PostgreSQL: appends, reads and everything else each on threads and connections of their own. Thread-safe. */
public final class PostgresLog implements RunLog, AutoCloseable {
    private final List<Appender> appenders = new ArrayList<>();
    private final Session reads;
    private final EventReader reader;
    private final Session polls;
    private final Session session;
    private final PostgresOwnership ownership;

    /** @param session shared with the ownership, so that inserts and claims come one after the other */
    PostgresLog(DataSource source, Session session, PostgresOwnership ownership, int appenders, Duration interval) {
        this.session = session;
        this.ownership = ownership;
        reads = new Session("log-read", source);
        reader = new EventReader(reads);
        polls = new Session("log-poll", source);
        for (int i = 0; i < appenders; i++) {
            Session own = new Session("log-append-" + i, source);
            this.appenders.add(new Appender(own, ownership::incarnation, interval));
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
        return reader.read(run, after, limit);
    }

    @Override
    public CompletionStage<Map<UUID, Head>> heads(Collection<UUID> runs) {
        Set<UUID> asked = Set.copyOf(runs);
        return asked.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : reads.submit(connection -> RunStatements.heads(connection, asked));
    }

    /** Beside the reads, because thousands of runs take a while and followers wait for both. */
    @Override
    public CompletionStage<Map<UUID, Optional<Head>>> changes(Map<UUID, Integer> known) {
        return polls.submit(connection -> RunStatements.changes(connection, known));
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run) {
        return insert(run, 0);
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run, int retry) {
        return session.<InsertResult>submit(connection -> RunStatements.insert(connection, run, retry, ownerOf(run)))
                .whenComplete((inserted, failure) -> {
                    if (failure != null) {
                        ownership.orphaned(run.id());
                    }
                });
    }

    private @Nullable Long ownerOf(NewRun run) throws SQLException {
        if (run.status() != RunStatus.RUNNING) {
            return null;
        }
        long me = ownership.incarnation();
        if (me == 0) {
            throw new SQLException("this pod has lost its lease (expected: a lease); the run is not inserted");
        }
        return me;
    }

    @Override
    public CompletionStage<Optional<RunMeta>> meta(UUID run) {
        return reads.submit(connection -> RunStatements.meta(connection, run));
    }

    @Override
    public CompletionStage<Optional<Claimed>> seize(UUID run) {
        return ownership.seize(run);
    }

    @Override
    public CompletionStage<Boolean> delete(UUID run) {
        return session.submit(connection -> RunStatements.delete(connection, run));
    }

    @Override
    public CompletionStage<Void> noteHandoff(UUID run, String handoff) {
        return session.submit(connection -> RunStatements.noteHandoff(connection, run, handoff))
                .thenAccept(noted -> {});
    }

    @Override
    public CompletionStage<Optional<UUID>> retried(String tenant, String hash, int retry) {
        return session.submit(connection -> RunStatements.retried(connection, tenant, hash, retry));
    }

    @Override
    public CompletionStage<Void> answered(UUID run) {
        return session.submit(connection -> RunStatements.answered(connection, run))
                .thenAccept(noted -> {});
    }

    @Override
    public CompletionStage<Integer> joined(UUID run) {
        return session.submit(connection -> RunStatements.joined(connection, run));
    }

    @Override
    public CompletionStage<Integer> newestClient(UUID run) {
        return reads.submit(connection -> RunStatements.newestClient(connection, run));
    }

    @Override
    public CompletionStage<Integer> live(String tenant) {
        return reads.submit(connection -> RunStatements.live(connection, tenant));
    }

    /** Closes the appenders, the reads and the polls; the shared session is its owner's. */
    @Override
    public void close() {
        appenders.forEach(Appender::close);
        reads.close();
        polls.close();
    }
}

package dev.lastcall.run.postgres;

import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Commits what many runs append, together. A commit starts when the one before has ended and the interval has passed since that one's
 * start; when idle, at once. Thread-safe.
 *
 * <ul>
 *   <li>An answer is lost: the identical group is sent again until there is an answer, never a grown one, because of a batch that had been
 *       committed only its own size tells that it was.
 *   <li>One batch spoils its group (data that PostgreSQL refuses, a lock): halves are sent, then their halves; only the culprit fails.
 *   <li>Closed with batches on their way: they are answered as fenced, which tells nobody anything. The log may have them.
 * </ul>
 */
final class Appender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Appender.class);
    static final int MOST_RUNS = 512;
    static final int MOST_BYTES = 1 << 20;
    private static final int MOST_LOCKED = 3;
    private static final int MOST_RETRIES = 20;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Session session;
    private final LongSupplier owner;
    private final long interval;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<PendingAppend> waiting = new ArrayDeque<>();
    /** The batches that have not been answered, the one in flight first; more than one only where this pod took a run from itself. */
    private final Map<UUID, Deque<PendingAppend>> runs = new HashMap<>();

    private boolean working;
    private boolean closed;

    // Of the session's thread.
    private long lastStart;
    private Duration pause = Duration.ZERO;

    /**
     * @param owner this pod's incarnation
     * @param interval the least time between the starts of two commits
     */
    Appender(Session session, LongSupplier owner, Duration interval) {
        this.session = session;
        this.owner = owner;
        this.interval = interval.toNanos();
        lastStart = System.nanoTime() - this.interval;
    }

    /**
     * A batch of a later epoch waits for the one in flight; one of an earlier epoch is fenced.
     *
     * @throws IllegalStateException where an earlier batch of the same epoch is on its way
     */
    CompletionStage<AppendResult> append(Batch batch) {
        PendingAppend pending = new PendingAppend(batch);
        lock.lock();
        try {
            Deque<PendingAppend> ofRun = runs.computeIfAbsent(batch.run(), run -> new ArrayDeque<>());
            PendingAppend before = ofRun.peekLast();
            if (closed || (before != null && before.batch.epoch() > batch.epoch())) {
                pending.result.complete(new AppendResult.Fenced());
                return pending.result;
            }
            if (before != null && before.batch.epoch() == batch.epoch()) {
                throw new IllegalStateException("run " + batch.run() + ": a batch is on its way (expected: none)");
            }
            ofRun.add(pending);
            if (before == null) {
                enqueue(pending);
            }
        } finally {
            lock.unlock();
        }
        return pending.result;
    }

    /** Under the lock. */
    private void enqueue(PendingAppend pending) {
        waiting.add(pending);
        if (!working && !closed) {
            working = true;
            session.execute(this::work);
        }
    }

    private void work() {
        for (List<PendingAppend> group = next(); !group.isEmpty(); group = next()) {
            commit(group);
        }
    }

    /** Waits for the interval to pass; empty where there is nothing to do any more. */
    private List<PendingAppend> next() {
        lock.lock();
        try {
            if (!waiting.isEmpty()) {
                awaitUntil(lastStart + interval);
            }
            List<PendingAppend> group = new ArrayList<>();
            int bytes = 0;
            while (!closed && !waiting.isEmpty() && group.size() < MOST_RUNS) {
                bytes += waiting.element().weight;
                if (bytes > MOST_BYTES && !group.isEmpty()) {
                    break;
                }
                group.add(waiting.remove());
            }
            working = !group.isEmpty();
            group.sort(Comparator.comparing(each -> each.batch.run()));
            lastStart = System.nanoTime();
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock; ends early where the appender is closed. An interrupt is kept for the statement to see. */
    private void awaitUntil(long instant) {
        boolean interrupted = false;
        long left = instant - System.nanoTime();
        while (left > 0 && !closed) {
            try {
                left = Math.min(changed.awaitNanos(left), instant - System.nanoTime());
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void commit(List<PendingAppend> group) {
        Deque<List<PendingAppend>> parts = new ArrayDeque<>();
        parts.add(group);
        int retries = 0;
        while (!parts.isEmpty()) {
            List<PendingAppend> part = parts.remove();
            try {
                settle(part);
                pause = Duration.ZERO;
            } catch (SQLException e) {
                if (isClosed()) {
                    part.forEach(each -> answer(each, new AppendResult.Fenced()));
                    continue;
                }
                if (SqlFailure.of(e) == SqlFailure.CULPRIT) {
                    divide(part, e, parts);
                } else {
                    parts.addFirst(part);
                    retries++;
                    recover(e, retries);
                }
            } catch (RuntimeException e) {
                part.forEach(each -> answer(each, new AppendResult.Failed(e)));
            }
        }
    }

    private void settle(List<PendingAppend> part) throws SQLException {
        long me = owner.getAsLong();
        Set<UUID> committed = session.call(connection -> AppendStatement.send(connection, part, me));
        List<PendingAppend> missing = new ArrayList<>();
        for (PendingAppend each : part) {
            if (!committed.contains(each.batch.run())) {
                missing.add(each);
            }
        }
        if (!missing.isEmpty()) {
            Map<UUID, @Nullable AppendResult> verdicts =
                    session.call(connection -> AppendStatement.verdicts(connection, missing, me));
            for (PendingAppend each : missing) {
                judge(each, verdicts.get(each.batch.run()));
            }
        }
        for (PendingAppend each : part) {
            if (committed.contains(each.batch.run())) {
                answer(each, new AppendResult.Committed());
            }
        }
    }

    private void judge(PendingAppend each, @Nullable AppendResult verdict) {
        if (verdict != null) {
            answer(each, verdict);
        } else {
            again(each, new IllegalStateException("run " + each.batch.run() + ": not appended, for no visible reason"));
        }
    }

    private void divide(List<PendingAppend> part, SQLException failure, Deque<List<PendingAppend>> parts) {
        if (part.size() > 1) {
            int half = part.size() / 2;
            parts.addFirst(part.subList(half, part.size()));
            parts.addFirst(part.subList(0, half));
        } else if (SqlFailure.isLocked(failure)) {
            again(part.get(0), failure);
        } else {
            LOG.errorf("append refused run=%s state=%s", part.get(0).batch.run(), failure.getSQLState());
            answer(part.get(0), new AppendResult.Failed(failure));
        }
    }

    /** In a later group, so that the others need not wait for it. */
    private void again(PendingAppend each, Exception failure) {
        each.locked++;
        if (each.locked > MOST_LOCKED) {
            answer(each, new AppendResult.Failed(failure));
            return;
        }
        lock.lock();
        try {
            enqueue(each);
        } finally {
            lock.unlock();
        }
    }

    /** Each failure in a row doubles the pause; a deadlock is not waited for. */
    private void recover(SQLException failure, int retries) {
        if (SqlFailure.of(failure) == SqlFailure.RETRY && retries <= MOST_RETRIES) {
            return;
        }
        if (pause.isZero()) {
            LOG.warnf("the log does not answer, the same is sent again state=%s: %s", failure.getSQLState(), failure);
        }
        Duration doubled = pause.isZero() ? Duration.ofMillis(20) : pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        lock.lock();
        try {
            awaitUntil(System.nanoTime() + pause.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private void answer(PendingAppend each, AppendResult result) {
        lock.lock();
        try {
            Deque<PendingAppend> ofRun = runs.get(each.batch.run());
            if (ofRun != null && ofRun.remove(each)) {
                PendingAppend next = ofRun.peek();
                if (next == null) {
                    runs.remove(each.batch.run());
                } else {
                    enqueue(next);
                }
            }
        } finally {
            lock.unlock();
        }
        // Outside the lock: what depends on it may append again.
        each.result.complete(result);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<PendingAppend> left = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            for (PendingAppend each : waiting) {
                left.addAll(runs.getOrDefault(each.batch.run(), new ArrayDeque<>()));
            }
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(each -> answer(each, new AppendResult.Fenced()));
        session.close();
    }
}

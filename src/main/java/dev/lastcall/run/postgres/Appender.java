package dev.lastcall.run.postgres;

import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Commits what many runs append, together. A commit starts when the one before has ended and the interval has passed since that one's
 * start; when idle, at once. What becomes of a group is {@link GroupCommit}'s. Closed with batches on their way: they are answered as fenced,
 * which tells nobody anything; the log may have them. Thread-safe.
 */
final class Appender implements AutoCloseable {
    static final int MOST_RUNS = 512;
    static final int MOST_BYTES = 1 << 20;

    private final Session session;
    private final GroupCommit commits;
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

    /**
     * @param owner this pod's incarnation
     * @param interval the least time between the starts of two commits
     */
    Appender(Session session, LongSupplier owner, Duration interval) {
        this.session = session;
        this.interval = interval.toNanos();
        commits = new GroupCommit(session, owner, this);
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

    /** Queues an append, under the lock. */
    private void enqueue(PendingAppend pending) {
        waiting.add(pending);
        if (!working && !closed) {
            working = true;
            session.execute(this::work);
        }
    }

    /** Commits one group, then queues the next on the session, so that batches that were put back come in between. */
    private void work() {
        List<PendingAppend> group = next();
        if (!group.isEmpty()) {
            commits.commit(group);
            session.execute(this::work);
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

    /** Waits until an instant, under the lock; ends early where the appender is closed. An interrupt is kept for the statement to see. */
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

    /** Waits on the session's thread; ends early where the appender is closed. */
    void rest(Duration pause) {
        lock.lock();
        try {
            awaitUntil(System.nanoTime() + pause.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Sends a batch in a later group, so that the others need not wait for it. On the session's thread. */
    void putBack(PendingAppend each, Duration pause) {
        each.putBack = true;
        session.executeIn(pause, () -> {
            each.putBack = false;
            if (isClosed()) {
                answer(each, new AppendResult.Fenced());
                return;
            }
            lock.lock();
            try {
                enqueue(each);
            } finally {
                lock.unlock();
            }
        });
    }

    void answer(PendingAppend each, AppendResult result) {
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

    boolean isClosed() {
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

    /** Waits like {@link Session#awaitEnd}. */
    void awaitEnd(long deadline) throws InterruptedException {
        session.awaitEnd(deadline);
    }
}

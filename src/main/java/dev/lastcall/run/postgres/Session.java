package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one connection of its own: what is given to it runs in order. Every statement is a transaction of its own, because a
 * process that is stopped between two statements of one would hold its row locks against whoever is to take over. A connection that fails, or
 * that leads to a server that cannot write, is closed for good and the next statement opens another; one that is not used for a while is
 * closed too. Thread-safe.
 */
final class Session implements AutoCloseable {
    /** Longer than any statement may take: what is still silent then is a network that is gone. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration IDLE = Duration.ofSeconds(60);

    /** Statements on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * The limits of the queue of requests.
     *
     * @param patience of one that PostgreSQL does not take
     * @param most requests that wait; one more is refused
     */
    record Queue(Duration patience, int most) {
        static final Queue USUAL = new Queue(Duration.ofSeconds(5), 1000);
    }

    private final PrimaryConnections connections;
    private final Duration silence;
    private final Queue queue;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    // Of the one thread.
    private @Nullable Connection connection;
    private long generation;
    private long lastUsed;

    Session(String name, DataSource source) {
        this(name, new PrimaryConnections(source), SILENCE, Queue.USUAL);
    }

    Session(String name, PrimaryConnections connections, Queue queue) {
        this(name, connections, SILENCE, queue);
    }

    /** @param silence after which an answer is not waited for any more */
    Session(String name, PrimaryConnections connections, Duration silence, Queue queue) {
        this.connections = connections;
        this.silence = silence;
        this.queue = queue;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "lastcall-" + name);
            made.setDaemon(true);
            return made;
        });
        var unused =
                thread.scheduleWithFixedDelay(this::dropIdle, IDLE.toMillis(), IDLE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task on this session's thread; where the session is closed, nothing happens. */
    void execute(Runnable task) {
        executeIn(Duration.ZERO, task);
    }

    void executeIn(Duration delay, Runnable task) {
        try {
            var unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            if (!closed) {
                throw e;
            }
        }
    }

    /** Runs work that may be repeated: once more on a new connection, where it turns out that the old one was dead. */
    <T> CompletableFuture<T> submit(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(repeatably(work));
                } catch (SQLException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    /** Runs work of a request, which may be repeated, as long as the request may wait. */
    <T> CompletionStage<T> request(Work<T> work) {
        return request(work, () -> true);
    }

    /** @param wanted whether anybody still waits for it; asked before it is begun and each time before it is repeated */
    <T> CompletionStage<T> request(Work<T> work, BooleanSupplier wanted) {
        if (waiting.incrementAndGet() > queue.most()) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new SQLTransientException("too many requests wait for PostgreSQL", "53000"));
        }
        Request<T> request = new Request<>(work, wanted, queue.patience(), waiting::decrementAndGet);
        try {
            thread.execute(() -> request.run(this));
        } catch (RejectedExecutionException e) {
            request.fail(e);
        }
        return request.result();
    }

    /** Runs work on this session's thread, once more where it failed for no fault of its own. */
    <T> T repeatably(Work<T> work) throws SQLException {
        try {
            return call(work);
        } catch (SQLException e) {
            if (closed || SqlFailure.of(e) == SqlFailure.CULPRIT) {
                throw e;
            }
            return call(work);
        }
    }

    /** Runs work once, on this session's thread. A failure after which the connection is of no use costs the connection. */
    <T> T call(Work<T> work) throws SQLException {
        try {
            return work.on(open());
        } catch (SQLException e) {
            if (SqlFailure.isReadOnly(e)) {
                connections.failedOver();
            }
            if (SqlFailure.of(e) == SqlFailure.BROKEN) {
                drop(true);
            }
            throw e;
        }
    }

    private Connection open() throws SQLException {
        if (generation != connections.generation()) {
            drop(true);
        }
        Connection current = connection;
        if (current == null) {
            long now = connections.generation();
            current = connections.open(silence);
            generation = now;
            connection = current;
        }
        lastUsed = System.nanoTime();
        return current;
    }

    private void dropIdle() {
        if (System.nanoTime() - lastUsed > IDLE.toNanos()) {
            drop(false);
        }
    }

    private void drop(boolean broken) {
        Connection dropped = connection;
        connection = null;
        if (dropped != null) {
            PrimaryConnections.discard(dropped, broken);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes nothing more; what was given to it before is still run. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            thread.execute(() -> drop(false));
            thread.shutdown();
        }
    }

    /** Waits, once it is closed, until its connection is given back; not beyond an instant of {@link System#nanoTime()}. */
    void awaitEnd(long deadline) throws InterruptedException {
        boolean unused = thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}

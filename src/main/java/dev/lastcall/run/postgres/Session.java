package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one connection of its own: what is given to it runs in order. Every statement is a transaction of its own, because a
 * process that is stopped between two statements of one would hold its row locks against whoever is to take over. Thread-safe.
 */
final class Session implements AutoCloseable {
    private static final String SETTINGS = "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '500ms';"
            + " SET statement_timeout = '10s'; SET synchronous_commit = on;"
            // Seen at 1000 runs on new tables: about 50 µs of PostgreSQL's CPU a token without this, 12 with it.
            + " SET plan_cache_mode = force_custom_plan";

    /** Longer than any statement may take: what is still silent then is a network that is gone. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    /** Statements on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final DataSource source;
    private final Duration silence;
    private final ExecutorService thread;
    private volatile boolean closed;

    // Of the one thread.
    private @Nullable Connection connection;

    Session(String name, DataSource source) {
        this(name, source, SILENCE);
    }

    /** @param silence after which an answer is not waited for any more */
    Session(String name, DataSource source, Duration silence) {
        this.source = source;
        this.silence = silence;
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "lastcall-" + name);
            made.setDaemon(true);
            return made;
        });
    }

    /** Runs a task on this session's thread; where the session is closed, nothing happens. */
    void execute(Runnable task) {
        try {
            thread.execute(task);
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

    /** The same, on this session's thread. */
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

    /** Runs work once, on this session's thread. A failure after which the connection may be dead costs the connection. */
    <T> T call(Work<T> work) throws SQLException {
        try {
            return work.on(open());
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.UNKNOWN) {
                drop();
            }
            throw e;
        }
    }

    private Connection open() throws SQLException {
        Connection current = connection;
        if (current == null) {
            current = source.getConnection();
            connection = current;
            current.setNetworkTimeout(Runnable::run, (int) silence.toMillis());
            try (var statement = current.createStatement()) {
                statement.execute(SETTINGS);
            }
        }
        return current;
    }

    private void drop() {
        Connection dead = connection;
        connection = null;
        if (dead != null) {
            try {
                dead.close();
            } catch (SQLException e) {
                // It was dropped for being broken.
            }
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
            thread.execute(this::drop);
            thread.shutdown();
        }
    }
}

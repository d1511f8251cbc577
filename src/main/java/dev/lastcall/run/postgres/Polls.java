package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Reads that are repeated all the time and whose failure the next one mends. Each borrows a connection of the pool and gives it back, so that
 * a small pool has one left for whoever else needs one for a moment. Thread-safe.
 */
final class Polls implements AutoCloseable {
    /** The silence after which the network counts as broken. */
    private static final int SILENCE_MILLIS = 15_000;

    private final PrimaryConnections connections;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "lastcall-log-poll");
        made.setDaemon(true);
        return made;
    });

    Polls(PrimaryConnections connections) {
        this.connections = connections;
    }

    <T> CompletionStage<T> ask(Session.Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(borrowed(work));
                } catch (SQLException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private <T> T borrowed(Session.Work<T> work) throws SQLException {
        Connection connection = connections.borrow();
        boolean broken = true;
        try {
            connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
            T answer = work.on(connection);
            connection.setNetworkTimeout(Runnable::run, 0);
            broken = false;
            return answer;
        } finally {
            if (broken) {
                PrimaryConnections.discard(connection, true);
            } else {
                connection.close();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    /** Waits like {@link Session#awaitEnd}, for the end of its thread. */
    void awaitEnd(long deadline) throws InterruptedException {
        boolean unused = thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
}

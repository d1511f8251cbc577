package dev.lastcall.vectorstore;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/** Runs the blocking calls of a {@link VectorStorage} on threads of their own. Thread-safe. */
record StorageCalls(Executor threads) {
    private static final Logger LOG = Logger.getLogger(StorageCalls.class);

    @FunctionalInterface
    interface Call<T> {
        T run() throws SQLException;
    }

    /** Answers on such a thread; fails with a {@link VectorStoreRefusal} where the database does not answer, or too many calls wait. */
    <T> CompletionStage<T> run(Call<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(call.run());
                } catch (SQLException e) {
                    LOG.warnf("vector stores: PostgreSQL does not answer: %s", e.getMessage());
                    answer.completeExceptionally(VectorStoreRefusal.unavailable());
                } catch (RuntimeException | Error e) {
                    // An error too: else the client would wait for its answer until the drain.
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(VectorStoreRefusal.busy());
        }
        return answer;
    }
}

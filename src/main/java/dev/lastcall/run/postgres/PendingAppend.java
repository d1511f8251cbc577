package dev.lastcall.run.postgres;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import java.util.concurrent.CompletableFuture;

/** A batch on its way into the log. Its answer comes on the appender's thread. */
final class PendingAppend {
    /** What a row costs in a statement besides its data. */
    private static final int ROW = 32;

    final Batch batch;
    final int weight;
    final CompletableFuture<AppendResult> result = new CompletableFuture<>();

    /** How often a lock was in its way; of the appender's thread. */
    int locked;

    PendingAppend(Batch batch) {
        this.batch = batch;
        int sum = ROW;
        for (Row row : batch.rows()) {
            sum += ROW + row.data().length();
        }
        weight = sum;
    }

    boolean ends() {
        return batch.next() != null && batch.next().isTerminal();
    }
}

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

    // Of the appender's thread.
    /** Failing while somebody holds its row. */
    final Pause locked = new Pause();
    /** How often it was neither written nor refused. */
    int unexplained;

    /** Whether it waits to be queued again. */
    boolean putBack;

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

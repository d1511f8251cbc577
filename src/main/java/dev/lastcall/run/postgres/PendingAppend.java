package dev.lastcall.run.postgres;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import java.util.concurrent.CompletableFuture;

/** A batch on its way into the log. Its answer comes on the appender's thread. */
final class PendingAppend {
    /** The bytes of a row in a statement besides its data. */
    private static final int ROW = 32;

    final Batch batch;
    final int weight;
    final CompletableFuture<AppendResult> result = new CompletableFuture<>();

    // Of the appender's thread.
    /** The pause while its row is locked. */
    final Pause locked = new Pause();
    /** The number of attempts that neither wrote nor refused it. */
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

package dev.lastcall.run.log;

import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.RunStatus;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;

/**
 * A run as its log has it.
 *
 * @param next the seq after the last row, when it was read
 */
public record RunSnapshot(RunMeta meta, ResponseFold fold, int next, RunStatus status) {
    private static final int PAGE = 1000;

    /** Reads the whole log; empty where there is no such run. */
    public static CompletionStage<Optional<RunSnapshot>> read(RunLog log, UUID run) {
        return log.meta(run)
                .thenCompose(meta ->
                        meta.isEmpty() ? CompletableFuture.completedFuture(Optional.empty()) : read(log, meta.get()));
    }

    /** The same, of a run that was looked up before. */
    public static CompletionStage<Optional<RunSnapshot>> read(RunLog log, RunMeta meta) {
        return read(log, meta, new ResponseFold(), -1);
    }

    /** Folds what follows the first page on the common pool, so that no timer and no event loop waits for a hundred thousand rows. */
    private static CompletionStage<Optional<RunSnapshot>> thenFold(
            CompletionStage<Optional<Page>> read,
            boolean first,
            Function<Optional<Page>, CompletionStage<Optional<RunSnapshot>>> fold) {
        return first ? read.thenCompose(fold) : read.thenComposeAsync(fold, ForkJoinPool.commonPool());
    }

    private static CompletionStage<Optional<RunSnapshot>> read(RunLog log, RunMeta meta, ResponseFold fold, int after) {
        return thenFold(log.read(meta.id(), after, PAGE), after < 0, found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            Page page = found.get();
            page.rows().forEach(fold::apply);
            int last = after + page.rows().size();
            return page.rows().isEmpty() || last + 1 >= page.nextSeq()
                    ? CompletableFuture.completedFuture(
                            Optional.of(new RunSnapshot(meta, fold, last + 1, page.status())))
                    : read(log, meta, fold, last);
        });
    }
}

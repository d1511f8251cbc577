package dev.lastcall.fleet;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that calls the archive. Its queue is short, because a server that is silent would otherwise collect whatever the console asks
 * for. Thread-safe.
 */
final class ArchiveThread {
    private static final int WAITING = 16;

    private final ThreadPoolExecutor thread;

    ArchiveThread() {
        thread = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
            Thread made = new Thread(task, "lastcall-history");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Fails where too many tasks wait. */
    <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                // Nobody waits any more for what waited too long itself.
                if (!result.isDone()) {
                    complete(result, task);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }

    /** Takes no more tasks, and waits for those it has. */
    void close(Duration limit) throws InterruptedException {
        thread.shutdown();
        boolean unused = thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}

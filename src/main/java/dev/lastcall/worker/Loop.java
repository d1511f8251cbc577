package dev.lastcall.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one worker. At most one run of the worker is active: after an undrain the next begins when the last has returned. A worker
 * that returns by itself, or fails, is not run again. After the release no run begins. Thread-safe.
 */
final class Loop {
    private static final Logger LOG = Logger.getLogger(Loop.class);
    /** The time that an interrupted worker has to return. */
    private static final Duration AFTER_THE_INTERRUPT = Duration.ofMillis(500);

    /** Longer than any process waits for anything; what is more would overflow a clock in nanoseconds. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    private static final long IDLE_SECONDS = 5;

    private final Worker worker;
    /** One thread, which a worker's own actions may block for this worker alone: whoever triggers a drain waits for none of them. */
    private final ThreadPoolExecutor teller;

    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

    // Guarded by this.
    private boolean wanted;
    private boolean over;
    private WorkerSignal signal = new WorkerSignal();
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private @Nullable Thread thread;

    Loop(Worker worker) {
        this.worker = worker;
        teller = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::tellerThread);
        teller.allowCoreThreadTimeOut(true);
    }

    private Thread tellerThread(Runnable action) {
        Thread thread = new Thread(action, "lastcall-worker-signal-" + worker.name());
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }

    Worker worker() {
        return worker;
    }

    /** Runs the worker, at once or when it returns. */
    synchronized void begin() {
        wanted = true;
        beginIfDue();
    }

    private void beginIfDue() {
        if (!wanted || over || thread != null) {
            return;
        }
        WorkerSignal next = new WorkerSignal();
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread fresh = new Thread(() -> run(next, end), "lastcall-worker-" + worker.name());
        fresh.setDaemon(true);
        fresh.setContextClassLoader(loader);
        signal = next;
        ended = end;
        thread = fresh;
        fresh.start();
    }

    private void run(WorkerSignal told, CompletableFuture<Void> end) {
        Throwable failure = null;
        try {
            worker.run(told);
        } catch (InterruptedException e) {
            failure = e;
        } catch (Exception | Error e) {
            failure = e;
            LOG.errorf(e, "worker failed name=%s; it is not run again", worker.name());
        }
        returned(told, failure);
        if (failure == null) {
            end.complete(null);
        } else {
            end.completeExceptionally(failure);
        }
    }

    private synchronized void returned(WorkerSignal told, @Nullable Throwable failure) {
        thread = null;
        over |= failure != null || !told.isCancelled();
        beginIfDue();
    }

    /** Tells it to end, if it runs; its signal says so when this returns, its actions run behind it. */
    void tell() {
        List<Runnable> due;
        synchronized (this) {
            wanted = false;
            due = signal.tell();
        }
        if (!due.isEmpty()) {
            teller.execute(() -> WorkerSignal.runAll(due));
        }
    }

    /** How long its end is waited for: what the worker says, within what a clock can hold. */
    Duration timeout() {
        Duration said = worker.timeout();
        if (said.isNegative()) {
            return Duration.ZERO;
        }
        return said.compareTo(LONGEST_TIMEOUT) < 0 ? said : LONGEST_TIMEOUT;
    }

    /** The end of the last run there is. */
    private CompletableFuture<Void> end() {
        synchronized (this) {
            over = true;
        }
        tell();
        synchronized (this) {
            return ended;
        }
    }

    /**
     * Waits for its end, and interrupts it at the timeout, or when the caller is interrupted.
     *
     * @throws IllegalStateException where it was interrupted; the message says whether that ended it
     * @throws Exception what it threw itself
     */
    void release(Duration timeout) throws Exception {
        CompletableFuture<Void> end = end();
        try {
            end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            interrupt();
            String outcome = endsAfterInterrupt(end) ? "it ended then" : "it did not hear it and runs on";
            throw new IllegalStateException(
                    "cancelled: interrupted after " + timeout.toMillis() + " ms; " + outcome, e);
        } catch (InterruptedException e) {
            interrupt();
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        }
    }

    private static boolean endsAfterInterrupt(CompletableFuture<Void> end) throws InterruptedException {
        try {
            end.get(AFTER_THE_INTERRUPT.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}

package dev.lastcall.drain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/** Starts contenders at the same moment, each on a thread of its own, and returns when all have ended. */
final class Race implements AutoCloseable {
    private static final int LIMIT_SECONDS = 50;
    private static final int SPINS = 500;

    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "contender");
        thread.setDaemon(true);
        return thread;
    });

    /** Throws what the first failing contender threw. */
    void between(Runnable... contenders) throws Exception {
        AtomicInteger absent = new AtomicInteger(contenders.length);
        List<Callable<Void>> started = new ArrayList<>();
        for (Runnable contender : contenders) {
            started.add(() -> {
                absent.decrementAndGet();
                awaitAll(absent);
                contender.run();
                return null;
            });
        }
        for (Future<Void> ended : threads.invokeAll(started, LIMIT_SECONDS, TimeUnit.SECONDS)) {
            ended.get();
        }
    }

    /** The contenders go through the items side by side: each waits a moment for the others at each item. */
    void overEach(int items, IntConsumer... contenders) throws Exception {
        AtomicIntegerArray reached = new AtomicIntegerArray(contenders.length);
        Runnable[] walks = new Runnable[contenders.length];
        for (int i = 0; i < contenders.length; i++) {
            int me = i;
            walks[me] = () -> {
                for (int item = 0; item < items; item++) {
                    reached.set(me, item + 1);
                    awaitOthers(reached, item + 1);
                    contenders[me].accept(item);
                }
            };
        }
        between(walks);
    }

    /** Gives up after some microseconds: another contender may be off its core. */
    private static void awaitOthers(AtomicIntegerArray reached, int item) {
        for (int i = 0; i < reached.length(); i++) {
            for (int spin = 0; spin < SPINS && reached.get(i) < item; spin++) {
                Thread.onSpinWait();
            }
        }
    }

    /** Spins, since a barrier wakes its threads microseconds apart, and yields, since there may be more of them than cores. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitAll(AtomicInteger absent) {
        while (absent.get() > 0 && !Thread.currentThread().isInterrupted()) {
            Thread.yield();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package dev.lastcall.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

/**
 * A watch over event loops, which tells whether they still turn. Once a second, by {@link #tick}, each gets a task unless it has not run the last one
 * yet. It counts ticks, and not time: a process that was stopped and goes on has missed both. Thread-safe.
 */
final class EventLoops {
    /** Half a minute: no callback that is legal blocks its loop for so long. */
    static final int STALLED_TICKS = 30;

    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    void watch(Iterable<EventExecutor> group) {
        List<Loop> found = new ArrayList<>();
        group.forEach(loop -> found.add(new Loop(loop)));
        loops.addAll(found);
    }

    void tick() {
        loops.removeIf(loop -> loop.executor.isShuttingDown());
        loops.forEach(Loop::tick);
    }

    /** Returns how many have run nothing for {@value #STALLED_TICKS} ticks. */
    long stalled() {
        return loops.stream().filter(loop -> loop.missed >= STALLED_TICKS).count();
    }

    private static final class Loop {
        private final EventExecutor executor;
        private volatile boolean waiting;
        private volatile int missed;

        Loop(EventExecutor executor) {
            this.executor = executor;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // by the one who ticks; the loop itself only sets it back
        private void tick() {
            if (waiting) {
                missed++;
                return;
            }
            waiting = true;
            try {
                executor.execute(this::turned);
            } catch (RejectedExecutionException e) {
                // It has ended: there is nothing to serve on it.
                waiting = false;
            }
        }

        private void turned() {
            missed = 0;
            waiting = false;
        }
    }
}

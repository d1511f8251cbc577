package dev.lastcall.worker;

import dev.lastcall.drain.DrainSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/** The signal of one run of a worker. A worker has no client that could leave. Thread-safe. */
final class WorkerSignal implements DrainSignal {
    private static final Logger LOG = Logger.getLogger(WorkerSignal.class);

    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private volatile boolean told;

    /** From now on it is told; returns the actions that are to be run for that, by the caller. */
    List<Runnable> tell() {
        synchronized (this) {
            told = true;
            List<Runnable> due = new ArrayList<>(actions);
            actions.clear();
            return due;
        }
    }

    /** Runs them one after the other, whatever one of them throws. */
    static void runAll(List<Runnable> actions) {
        actions.forEach(WorkerSignal::run);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an action of a worker failed; the others run", e);
        }
    }

    @Override
    public boolean isCancelled() {
        return told;
    }

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public Registration onCancelled(Runnable action) {
        synchronized (this) {
            // Inside the monitor: an action is either in the list that is told, or run here.
            if (!told) {
                actions.add(action);
                return () -> actions.remove(action);
            }
        }
        action.run();
        return () -> {};
    }
}

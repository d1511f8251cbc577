package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import java.util.ArrayList;
import java.util.List;

/** A request's signal in the test's hand. */
public final class ManualSignal implements DrainSignal {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean told;
    private boolean clientGone;

    public void tell() {
        List<Runnable> due;
        synchronized (this) {
            told = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    public void leave() {
        synchronized (this) {
            clientGone = true;
        }
        tell();
    }

    public synchronized int listeners() {
        return actions.size();
    }

    @Override
    public synchronized boolean isCancelled() {
        return told;
    }

    @Override
    public synchronized boolean clientGone() {
        return clientGone;
    }

    @Override
    public Registration onCancelled(Runnable action) {
        synchronized (this) {
            if (!told) {
                actions.add(action);
                return () -> takeBack(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void takeBack(Runnable action) {
        actions.remove(action);
    }
}

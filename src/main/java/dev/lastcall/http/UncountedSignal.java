package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;

/** The signal of a request that the drain does not count: it is never cancelled. */
enum UncountedSignal implements DrainSignal {
    INSTANCE;

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public Registration onCancelled(Runnable action) {
        return () -> {};
    }
}

package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;

/** The signal of a request that the drain does not count: it is never told. */
enum Uncounted implements DrainSignal {
    SIGNAL;

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

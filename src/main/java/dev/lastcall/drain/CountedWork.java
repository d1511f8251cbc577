package dev.lastcall.drain;

/** Work of the application that the drain waits for, from {@link DrainControl#begin} to {@link #close}. Thread-safe. */
public final class CountedWork implements AutoCloseable {
    private final Entry entry;

    CountedWork(Entry entry) {
        this.entry = entry;
    }

    /** The work's own signal: it is cancelled when CANCELLING begins, {@code cancel-reserve} before the work would count as cut. */
    public DrainSignal signal() {
        return entry;
    }

    /** The work is done; closing it twice is closing it once. */
    @Override
    public void close() {
        entry.end(Outcome.COMPLETED);
    }
}

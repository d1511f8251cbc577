package dev.lastcall.drain;

import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps an entry in flight until it is closed; closing it twice is closing it once. */
@Internal
public final class Hold implements AutoCloseable {
    private final Entry entry;
    private final AtomicBoolean closed = new AtomicBoolean();

    Hold(Entry entry) {
        this.entry = entry;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            entry.release();
        }
    }
}

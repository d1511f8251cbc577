package dev.lastcall.run.redis;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.CommitListener;
import java.util.List;
import java.util.UUID;

/**
 * Tells the other pods what has been committed here, and hears of theirs: faster than they find out by asking, which they do in any case.
 * Never waited for, never relied on. Thread-safe.
 */
public interface CommitAnnouncer extends CommitListener {
    /** No other pod, or no way to tell them. */
    CommitAnnouncer NONE = new CommitAnnouncer() {
        @Override
        public void committed(UUID run, List<Row> rows) {}

        @Override
        public void start(Lost lost) {}
    };

    /** Hears that a run may have been taken away. */
    @FunctionalInterface
    interface Lost {
        void lookAfter(UUID run);
    }

    /** Begins to listen. */
    void start(Lost lost);
}

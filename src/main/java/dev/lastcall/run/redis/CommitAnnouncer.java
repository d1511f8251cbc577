package dev.lastcall.run.redis;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.CommitListener;
import java.util.List;
import java.util.UUID;

/**
 * Announces this pod's commits to other pods and receives theirs. Only a shortcut: pods poll the log in any case, so announcements may be
 * lost and nobody waits for them. Thread-safe.
 */
public interface CommitAnnouncer extends CommitListener {
    /** Announces nothing: there are no other pods, or no Redis. */
    CommitAnnouncer NONE = new CommitAnnouncer() {
        @Override
        public void committed(UUID run, List<Row> rows) {}

        @Override
        public void start(Lost lost) {}
    };

    /** Called when another pod may have taken over a run. */
    @FunctionalInterface
    interface Lost {
        void lookAfter(UUID run);
    }

    /** Begins to listen. */
    void start(Lost lost);
}

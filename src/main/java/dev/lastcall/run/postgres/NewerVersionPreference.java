package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Delays the claims of an older version, so that newer pods get free runs first. Used by one thread. */
final class NewerVersionPreference {
    private static final long NANOS = Duration.ofMillis(500).toNanos();

    private final Time time;
    private Map<UUID, Long> seen = new HashMap<>();

    NewerVersionPreference(Time time) {
        this.time = time;
    }

    void forget() {
        seen.clear();
    }

    /** Returns the free runs that have been free for long enough. */
    List<UUID> ripe(List<UUID> free) {
        long now = time.nanoTime();
        Map<UUID, Long> still = new HashMap<>();
        List<UUID> ripe = new ArrayList<>();
        for (UUID run : free) {
            long first = seen.getOrDefault(run, now);
            still.put(run, first);
            if (now - first >= NANOS) {
                ripe.add(run);
            }
        }
        seen = still;
        return ripe;
    }
}

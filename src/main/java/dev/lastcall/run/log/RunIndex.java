package dev.lastcall.run.log;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Indexes of the runs in memory by the keys that requests have. Guarded by its log's monitor. */
final class RunIndex {
    private final Map<Key, LoggedRun> byKey = new HashMap<>();
    private final Map<Key, Set<LoggedRun>> unanswered = new HashMap<>();
    private final Map<String, Integer> live = new HashMap<>();

    private record Key(String tenant, String text) {}

    void add(LoggedRun run) {
        String key = run.made.key();
        if (key != null) {
            byKey.put(new Key(run.made.tenant(), key), run);
        }
        if (!run.made.hash().isEmpty()) {
            unanswered
                    .computeIfAbsent(hashOf(run), hash -> new LinkedHashSet<>())
                    .add(run);
        }
        live.merge(run.made.tenant(), 1, Integer::sum);
    }

    private static Key hashOf(LoggedRun run) {
        return new Key(run.made.tenant(), run.made.hash());
    }

    void ended(LoggedRun run) {
        live.computeIfPresent(run.made.tenant(), (tenant, count) -> count == 1 ? null : count - 1);
    }

    void answered(LoggedRun run) {
        run.answered = true;
        Set<LoggedRun> same = unanswered.get(hashOf(run));
        if (same != null) {
            same.remove(run);
            if (same.isEmpty()) {
                unanswered.remove(hashOf(run));
            }
        }
    }

    /** A run that has ended and is forgotten. */
    void remove(LoggedRun run) {
        String key = run.made.key();
        if (key != null) {
            byKey.remove(new Key(run.made.tenant(), key), run);
        }
        answered(run);
    }

    @Nullable
    LoggedRun withKey(String tenant, @Nullable String key) {
        return key == null ? null : byKey.get(new Key(tenant, key));
    }

    /** The oldest of the runs that a retry may mean. */
    Optional<LoggedRun> retried(String tenant, String hash, int retry, Instant endedAfter) {
        return unanswered.getOrDefault(new Key(tenant, hash), Set.of()).stream()
                .filter(run -> run.retry < retry)
                .filter(run -> run.endedAt == null || run.endedAt.isAfter(endedAfter))
                .min(Comparator.comparing(run -> run.made.createdAt()));
    }

    /** The newest first. */
    List<UUID> underWay(String tenant, String hash) {
        return unanswered.getOrDefault(new Key(tenant, hash), Set.of()).stream()
                .filter(run -> run.endedAt == null)
                .map(run -> run.made.id())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    int live(String tenant) {
        return live.getOrDefault(tenant, 0);
    }
}

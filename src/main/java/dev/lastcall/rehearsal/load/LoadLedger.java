package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.LossKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what clients asked, got and lost. Of very many losses the first are kept whole, and all are counted. Thread-safe. */
public final class LoadLedger {
    private static final int MOST_KEPT = 5000;

    private final Map<LoadKind, Count> counts = new EnumMap<>(LoadKind.class);
    private final Map<LossKind, Integer> lost = new EnumMap<>(LossKind.class);
    private final List<Loss> losses = new ArrayList<>();
    private Duration longest = Duration.ZERO;

    /**
     * The numbers of one kind of requests.
     *
     * @param retried that were sent again because an answer or a proxy's rule said so
     */
    public record Count(int served, int lost, int retried) {
        private static final Count NONE = new Count(0, 0, 0);
    }

    /** A client got its answer whole, and it took so long. */
    public synchronized void served(LoadKind kind, Duration took) {
        longest = took.compareTo(longest) > 0 ? took : longest;
        Count count = count(kind);
        counts.put(kind, new Count(count.served + 1, count.lost, count.retried));
    }

    /** A client sends its request once more. */
    public synchronized void retried(LoadKind kind) {
        Count count = count(kind);
        counts.put(kind, new Count(count.served, count.lost, count.retried + 1));
    }

    /** A client did not get its answer. */
    public synchronized void lost(Loss loss) {
        Count count = count(loss.load());
        counts.put(loss.load(), new Count(count.served, count.lost + 1, count.retried));
        lost.merge(loss.kind(), 1, Integer::sum);
        if (losses.size() < MOST_KEPT) {
            losses.add(loss);
        }
    }

    /** Returns the numbers of one kind. */
    public synchronized Count count(LoadKind kind) {
        return counts.getOrDefault(kind, Count.NONE);
    }

    /** Returns the losses by their kinds. */
    public synchronized Map<LossKind, Integer> lostByKind() {
        return new EnumMap<>(lost);
    }

    /** Returns how long the slowest of the answers took that came whole. */
    public synchronized Duration longest() {
        return longest;
    }

    /** Returns the losses that were kept. */
    public synchronized List<Loss> losses() {
        return List.copyOf(losses);
    }

    /** Returns how many requests have ended, well or not. */
    public synchronized int ended() {
        return counts.values().stream()
                .mapToInt(each -> each.served + each.lost)
                .sum();
    }

    /** Returns how many were lost. */
    public synchronized int lost() {
        return counts.values().stream().mapToInt(Count::lost).sum();
    }
}

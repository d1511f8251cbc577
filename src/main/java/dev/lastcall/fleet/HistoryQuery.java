package dev.lastcall.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A query of past drains, the latest first.
 *
 * @param pod of this pod alone; null: of any
 * @param since ended at this instant or later; null: whenever
 * @param limit at most so many, at least one
 */
public record HistoryQuery(@Nullable String pod, @Nullable Instant since, int limit) {
    public HistoryQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
        }
    }

    boolean asksFor(PastDrain drain) {
        return (pod == null || pod.equals(drain.pod()))
                && (since == null || !drain.endedAt().isBefore(since));
    }
}

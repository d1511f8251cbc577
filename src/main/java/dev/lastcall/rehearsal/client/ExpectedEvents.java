package dev.lastcall.rehearsal.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events that a stream must have, learned from two streams that were read while nothing was replaced: the same events in the same order; or
 * at least the same last event; or nothing, and then only a broken connection is a loss. Immutable.
 */
public final class ExpectedEvents {
    private static final int SHOWN = 60;

    private final @Nullable List<String> all;
    private final @Nullable String last;

    private ExpectedEvents(@Nullable List<String> all, @Nullable String last) {
        this.all = all;
        this.last = last;
    }

    /** Learns from two streams. */
    public static ExpectedEvents of(List<String> one, List<String> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return new ExpectedEvents(null, null);
        }
        if (one.equals(other)) {
            return new ExpectedEvents(one, one.get(one.size() - 1));
        }
        String end = one.get(one.size() - 1);
        return new ExpectedEvents(null, end.equals(other.get(other.size() - 1)) ? end : null);
    }

    /** Returns what a stream is compared by, in words. */
    public String words() {
        if (all != null) {
            return all.size() + " events, known one by one";
        }
        return last == null ? "known by its proper end alone" : "known by its last event, " + shown(last);
    }

    /** Returns how far a stream has come, for one that was cut. */
    public String progress(List<String> events) {
        return "after " + events.size() + (all == null ? "" : " of " + all.size()) + " events";
    }

    /** Throws the loss that a stream is, where it ended properly and yet is not whole. */
    public void require(List<String> events) throws ClientLoss {
        if (all != null && !all.equals(events)) {
            throw difference(all, events);
        }
        if (last != null && (events.isEmpty() || !last.equals(events.get(events.size() - 1)))) {
            String end = events.isEmpty() ? "no event" : shown(events.get(events.size() - 1));
            throw new ClientLoss(LossKind.ENDED_EARLY, end + " instead of " + shown(last));
        }
    }

    private static ClientLoss difference(List<String> expected, List<String> events) {
        int same = 0;
        while (same < events.size()
                && same < expected.size()
                && events.get(same).equals(expected.get(same))) {
            same++;
        }
        String where = "after " + same + " of " + expected.size() + " events";
        if (same == events.size()) {
            return new ClientLoss(LossKind.ENDED_EARLY, where);
        }
        Map<String, Integer> surplus = new HashMap<>();
        events.forEach(each -> surplus.merge(each, 1, Integer::sum));
        expected.forEach(each -> surplus.merge(each, -1, Integer::sum));
        String next = events.get(same);
        boolean known = expected.contains(next);
        if (!known && same == events.size() - 1) {
            return new ClientLoss(LossKind.ENDED_EARLY, where + ", with " + shown(next));
        }
        if (surplus.values().stream().allMatch(count -> count == 0)) {
            return new ClientLoss(LossKind.WRONG_ORDER, where);
        }
        boolean twice =
                surplus.entrySet().stream().anyMatch(each -> each.getValue() > 0 && expected.contains(each.getKey()));
        return new ClientLoss(
                twice ? LossKind.DUPLICATE : LossKind.GAP, where + ", " + shown(Objects.requireNonNull(next)));
    }

    private static String shown(String event) {
        return event.length() > SHOWN ? event.substring(0, SHOWN) + "…" : event;
    }
}

package dev.lastcall.management.console;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.RELEASING;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The budget as it was spent so far and as it may be spent at most from here. While SERVING: what a termination would get now.
 *
 * @param segments one behind the other
 * @param elapsed since the first trigger
 * @param whole where the picture ends: the kubelet's kill, or a little ahead where nothing limits the drain
 * @param limited whether there is a deadline
 */
record BudgetTimeline(List<Segment> segments, Duration elapsed, Duration whole, boolean limited) {
    static final String MARGIN = "exit-margin";

    /** The time ahead that is shown of a drain without a deadline. */
    private static final Duration AHEAD = Duration.ofSeconds(15);

    static BudgetTimeline of(DrainView view, DrainSettings settings, Instant now) {
        Instant start = view.startedAt();
        if (start == null) {
            return planned(settings);
        }
        Duration elapsed = Duration.between(start, now);
        if (view.deadline() != null && view.remaining() != null) {
            Duration deadline = Duration.between(start, view.deadline());
            return limited(view, settings, deadline, deadline.minus(view.remaining()));
        }
        List<Segment> segments = past(view, elapsed);
        Duration whole = elapsed.plus(AHEAD);
        segments.add(new Segment(view.state().key(), elapsed, whole, false));
        return new BudgetTimeline(full(segments), elapsed, whole, false);
    }

    private static BudgetTimeline planned(DrainSettings settings) {
        Duration deadline = settings.gracePeriod().minus(settings.exitMargin());
        List<Segment> segments = new ArrayList<>();
        ahead(segments, LAME_DUCK, settings, Duration.ZERO, deadline);
        return new BudgetTimeline(full(segments), Duration.ZERO, settings.gracePeriod(), true);
    }

    private static BudgetTimeline limited(DrainView view, DrainSettings settings, Duration deadline, Duration elapsed) {
        List<Segment> segments = past(view, elapsed);
        ahead(segments, view.state(), settings, elapsed, deadline);
        Duration kill = deadline.plus(settings.exitMargin());
        return new BudgetTimeline(full(segments), elapsed, kill.compareTo(elapsed) > 0 ? kill : elapsed, true);
    }

    private static List<Segment> past(DrainView view, Duration elapsed) {
        List<Note> entered = view.notes().stream()
                .filter(note -> note.event() == Note.Event.STATE)
                .toList();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < entered.size(); i++) {
            Duration end = i + 1 < entered.size() ? entered.get(i + 1).elapsed() : elapsed;
            Note note = entered.get(i);
            segments.add(new Segment(note.state().key(), note.elapsed(), end, true));
        }
        return segments;
    }

    private static void ahead(
            Collection<Segment> segments, DrainState state, DrainSettings settings, Duration from, Duration deadline) {
        Duration begun = from;
        for (Map.Entry<DrainState, Duration> end :
                latestEnds(settings, deadline).entrySet()) {
            boolean comes = end.getKey().compareTo(state) >= 0 && (end.getKey() != DRAINED || state == DRAINED);
            if (comes && end.getValue().compareTo(begun) > 0) {
                segments.add(new Segment(end.getKey().key(), begun, end.getValue(), false));
                begun = end.getValue();
            }
        }
        segments.add(new Segment(MARGIN, begun, deadline.plus(settings.exitMargin()), false));
    }

    /** Returns the latest end of each stage, since the first trigger. */
    static Map<DrainState, Duration> latestEnds(DrainSettings settings, Duration deadline) {
        Duration cut = deadline.minus(settings.releaseReserve());
        Map<DrainState, Duration> ends = new EnumMap<>(DrainState.class);
        ends.put(LAME_DUCK, settings.lameDuck().max());
        ends.put(DRAINING, cut.minus(settings.cancelReserve()));
        ends.put(CANCELLING, cut);
        ends.put(DRAINED, cut);
        ends.put(RELEASING, deadline);
        return ends;
    }

    private static List<Segment> full(List<Segment> segments) {
        return segments.stream().filter(segment -> !segment.isEmpty()).toList();
    }
}

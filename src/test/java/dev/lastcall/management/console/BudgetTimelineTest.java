package dev.lastcall.management.console;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetTimelineTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final DrainSettings DEFAULTS = DrainSettings.defaults();

    @Test
    void whileServingAllIsPlannedWithTheDefaultInstants() {
        BudgetTimeline budget = BudgetTimeline.of(view(DrainState.SERVING, null, List.of()), DEFAULTS, START);

        assertThat(text(budget))
                .containsExactly(
                        "lame-duck 0-10", "draining 10-22", "cancelling 22-25", "releasing 25-29", "exit-margin 29-30");
        assertThat(budget.whole()).isEqualTo(ofSeconds(30));
    }

    @Test
    void stageThatEndedEarlyGivesItsTimeToTheNext() {
        List<Note> notes = List.of(entered(DrainState.LAME_DUCK, 0), entered(DrainState.DRAINING, 3));

        BudgetTimeline budget =
                BudgetTimeline.of(view(DrainState.DRAINING, ofSeconds(24), notes), DEFAULTS, START.plusSeconds(5));

        assertThat(text(budget))
                .containsExactly(
                        "lame-duck 0-3 past",
                        "draining 3-5 past",
                        "draining 5-22",
                        "cancelling 22-25",
                        "releasing 25-29",
                        "exit-margin 29-30");
        assertThat(budget.elapsed()).isEqualTo(ofSeconds(5));
    }

    @Test
    void drainedWaitsForItsSignalUntilTheRelease() {
        List<Note> notes = List.of(entered(DrainState.LAME_DUCK, 0), entered(DrainState.DRAINED, 4));

        assertThat(text(BudgetTimeline.of(
                        view(DrainState.DRAINED, ofSeconds(23), notes), DEFAULTS, START.plusSeconds(6))))
                .containsExactly(
                        "lame-duck 0-4 past",
                        "drained 4-6 past",
                        "drained 6-25",
                        "releasing 25-29",
                        "exit-margin 29-30");
    }

    @Test
    void operatorsDrainHasNoEnd() {
        List<Note> notes = List.of(entered(DrainState.LAME_DUCK, 0));

        BudgetTimeline budget =
                BudgetTimeline.of(view(DrainState.LAME_DUCK, null, notes), DEFAULTS, START.plusSeconds(100));

        assertThat(budget.limited()).isFalse();
        assertThat(text(budget)).containsExactly("lame-duck 0-100 past", "lame-duck 100-115");
    }

    @Test
    void pictureOfAnOverdueDrainEndsNow() {
        List<Note> notes = List.of(entered(DrainState.CANCELLING, 22));

        BudgetTimeline budget =
                BudgetTimeline.of(view(DrainState.CANCELLING, ofSeconds(-5), notes), DEFAULTS, START.plusSeconds(34));

        assertThat(budget.whole()).isEqualTo(ofSeconds(34));
        assertThat(text(budget)).containsExactly("cancelling 22-34 past");
    }

    private static List<String> text(BudgetTimeline budget) {
        return budget.segments().stream()
                .map(each -> each.stage() + " " + each.from().toSeconds() + "-"
                        + each.to().toSeconds() + (each.past() ? " past" : ""))
                .toList();
    }

    private static Note entered(DrainState state, long second) {
        return new Note(START.plusSeconds(second), ofSeconds(second), 1, state, Note.Event.STATE, "", Duration.ZERO);
    }

    private static DrainView view(DrainState state, @Nullable Duration remaining, List<Note> notes) {
        boolean serving = state == DrainState.SERVING;
        return new DrainView(
                state,
                serving,
                1,
                serving ? List.of() : List.of(Trigger.SIGTERM),
                serving ? null : START,
                remaining == null ? null : START.plusSeconds(29),
                remaining,
                Map.of(),
                new Totals(0, 0, 0, 0, 0, 0),
                new Totals(0, 0, 0, 0, 0, 0),
                new ArrayList<>(notes),
                null);
    }
}

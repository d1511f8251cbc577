package dev.lastcall.management.console;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows how much of the budget is spent, as a picture and as a table of the stages. */
final class BudgetPanel {
    private static final String NONE = "–";

    private final ConsoleView view;
    private final DrainView drain;
    private final BudgetTimeline budget;

    BudgetPanel(ConsoleView view) {
        this.view = view;
        drain = view.drain();
        budget = BudgetTimeline.of(drain, view.settings(), view.now());
    }

    Html html() {
        boolean serving = drain.state() == DrainState.SERVING;
        return Html.of("""
                <section id="budget" class="panel wide" aria-labelledby="budget-name" data-live>
                <h2 id="budget-name">{}</h2>
                {}{}</section>
                """, title(serving), new BudgetPicture(budget).svg(serving), stages());
    }

    private Html title(boolean serving) {
        if (serving) {
            return Html.of("The budget of a termination");
        }
        return Html.of(budget.limited() ? "The budget, running down" : "The drain so far");
    }

    private Html stages() {
        Table table = Table.of("Stages of the drain", "Stage", "#By T +", "Began, UTC", "#Lasted");
        Map<DrainState, Note> entered = new HashMap<>();
        Map<DrainState, Duration> lasted = new HashMap<>();
        DrainState before = DrainState.SERVING;
        for (Note note : drain.notes()) {
            if (note.event() == Note.Event.STATE) {
                entered.put(note.state(), note);
                lasted.put(before, note.lasted());
                before = note.state();
            }
        }
        for (DrainState stage : List.of(
                DrainState.LAME_DUCK,
                DrainState.DRAINING,
                DrainState.CANCELLING,
                DrainState.DRAINED,
                DrainState.RELEASING)) {
            Note start = entered.get(stage);
            Duration length = lasted.get(stage);
            table.markedRow(
                    stage == drain.state() ? "class=\"current\" aria-current=\"step\"" : "",
                    Wording.badge(stage.key()),
                    latestEnd(stage),
                    start == null ? NONE : Wording.clock(start.at()),
                    length != null ? Wording.length(length) : start == null ? NONE : "goes on");
        }
        return table.html();
    }

    /** Since the first trigger; nothing limits an operator's drain. */
    private String latestEnd(DrainState stage) {
        if (!budget.limited() || stage == DrainState.DRAINED) {
            return NONE;
        }
        Duration deadline = budget.whole().minus(view.settings().exitMargin());
        Duration end = BudgetTimeline.latestEnds(view.settings(), deadline).get(stage);
        return end == null ? NONE : Wording.length(end);
    }
}

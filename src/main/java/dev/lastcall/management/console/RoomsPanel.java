package dev.lastcall.management.console;

import dev.lastcall.drain.PlannedRelease;
import dev.lastcall.drain.StatusTable;
import java.util.List;

/** Shows the status tables of other packages and the release order. */
final class RoomsPanel {
    private final ConsoleView view;

    RoomsPanel(ConsoleView view) {
        this.view = view;
    }

    Html html() {
        Html panels = new Html();
        int number = 0;
        for (StatusTable room : view.rooms()) {
            number++;
            panels.add("{}", room("room-" + number, room));
        }
        return panels.add("{}", release());
    }

    private static Html room(String id, StatusTable room) {
        return Html.of(
                "<section id=\"{}\" class=\"panel\" aria-labelledby=\"{}-name\" data-live><h2"
                        + " id=\"{}-name\">{}</h2>{}</section>\n",
                id,
                id,
                id,
                room.title(),
                room.rows().isEmpty() ? Html.of("<p class=\"empty\">None.</p>") : table(room));
    }

    private static Html table(StatusTable room) {
        Table table = Table.of(room.title(), room.columns().toArray(String[]::new));
        for (List<String> row : room.rows()) {
            table.row(row.toArray());
        }
        return table.html();
    }

    private Html release() {
        Html steps = new Html();
        for (PlannedRelease step : view.planned()) {
            steps.add(
                    "<li><b>{}</b> <span class=\"unit\">{}</span></li>",
                    step.name(),
                    step.stage().key());
        }
        return Html.of(
                """
                <section id="release" class="panel" aria-labelledby="release-name" data-live>
                <h2 id="release-name">Release order</h2>
                {}
                <p class="hint">At the exit, in this order. How each step went is in the log, in the termination message and among the
                last drains.</p>
                </section>
                """,
                view.planned().isEmpty()
                        ? Html.of("<p class=\"empty\">Nothing to release.</p>")
                        : Html.of("<ol class=\"steps\">{}</ol>", steps));
    }
}

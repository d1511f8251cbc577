package dev.lastcall.management.console;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.Totals;

/** Shows what is in flight, what blocks the drain, and the totals of ended work. */
final class WorkPanel {
    private final ConsoleView view;

    WorkPanel(ConsoleView view) {
        this.view = view;
    }

    Html html() {
        return Html.of("""
                <section id="work" class="panel wide" aria-labelledby="work-name" data-live>
                <h2 id="work-name">In flight <span class="count">{}</span></h2>
                <dl class="tiles">{}</dl>
                {}<h3>{}</h3>
                <dl class="tiles">{}</dl>
                </section>
                """, total(), classes(), oldest(), since(), totals());
    }

    private long total() {
        return view.drain().inFlight().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Html classes() {
        Html tiles = new Html();
        for (EntryClass kind : EntryClass.values()) {
            tiles.add("{}", tile(kind.key(), view.drain().inFlight().getOrDefault(kind, 0L), ""));
        }
        return tiles;
    }

    private Html oldest() {
        if (view.oldest().isEmpty()) {
            return Html.of("<p class=\"empty\">Nothing is in flight.</p>");
        }
        Table table = Table.of("The oldest in flight", "Age", "Class", "Method", "Path", "Told");
        for (EntryView entry : view.oldest()) {
            table.row(
                    Wording.length(entry.age()),
                    entry.kind().key(),
                    entry.method(),
                    Html.of("<code>{}</code>", entry.path()),
                    entry.clientGone() ? "client gone" : entry.told() ? "told to end" : "");
        }
        return table.html();
    }

    private String since() {
        return view.drain().startedAt() == null ? "Since the start of the process" : "Since the drain began";
    }

    private Html totals() {
        Totals totals = view.drain().startedAt() == null
                ? view.drain().sinceStart()
                : view.drain().totals();
        return new Html()
                .add("{}", tile("served", totals.served(), ""))
                .add("{}", tile("rejected", totals.rejected(), ""))
                .add("{}", tile("cut", totals.cut(), totals.cut() > 0 ? "bad" : ""))
                .add("{}", tile("left", totals.left(), ""))
                .add("{}", tile("crossed", totals.crossed(), ""))
                .add("{}", tile("handed off", totals.handedOff(), ""))
                .add("{}", tile("lost", totals.lost(), totals.lost() > 0 ? "bad" : ""))
                .add("{}", tile("broken off", totals.brokenOff(), ""));
    }

    private static Html tile(String name, long count, String mark) {
        return Html.of("<div class=\"tile {}\"><dt>{}</dt><dd>{}</dd></div>", mark, name, count);
    }
}

package dev.lastcall.management.console;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The other pods, now and before. */
final class FleetPanels {
    private final FleetView view;

    FleetPanels(FleetView view) {
        this.view = view;
    }

    Html html() {
        return Html.of(
                """
                <section id="peers" class="panel" aria-labelledby="peers-name" data-live>
                <h2 id="peers-name">Pods</h2>
                <p class="hint"><a href="/rollout">All pods on one time axis</a></p>
                {}{}</section>
                <section id="past" class="panel wide" aria-labelledby="past-name" data-live>
                <h2 id="past-name">Last drains</h2>
                {}{}</section>
                """,
                peers(),
                hint(view.peersShared(), "quarkus.redis.hosts", "the others' states"),
                past(),
                hint(view.pastShared(), "quarkus.datasource.jdbc.url", "the drains of all pods, beyond their end"));
    }

    private static Html hint(boolean shared, String setting, String what) {
        return shared
                ? new Html()
                : Html.of("<p class=\"hint\">This process only: set <code>{}</code> to see {}.</p>", setting, what);
    }

    private Html peers() {
        Table table = Table.of("Pods of the fleet", "Pod", "State", "#In flight", "#Heard");
        for (Peer peer : view.peers()) {
            boolean self = peer.instance().equals(view.self());
            table.row(
                    self ? Html.of("{} <span class=\"unit\">this one</span>", peer.pod()) : link(peer),
                    Wording.badge(peer.state()),
                    peer.inFlight(),
                    self ? "now" : Wording.length(peer.age()) + " ago");
        }
        return table.html();
    }

    /** A pod's name, which leads to its console where that is known. */
    static Html link(Peer peer) {
        return peer.console() == null
                ? Html.of("{}", peer.pod())
                : Html.of("<a href=\"{}\" rel=\"noreferrer\">{}</a>", peer.console(), peer.pod());
    }

    private Html past() {
        List<PastDrain> past = view.past();
        if (past == null) {
            return Html.of("<p class=\"empty bad\">PostgreSQL does not answer. The drain does not need it.</p>");
        }
        if (past.isEmpty()) {
            return Html.of("<p class=\"empty\">None yet.</p>");
        }
        Table table = Table.of(
                "Last drains", "Ended, UTC", "Pod", "How", "#Cut", "#Exit", "-#Took", "-By", "-#Served", "-#Rejected");
        past.forEach(drain -> row(table, drain));
        return table.html();
    }

    private static void row(Table table, PastDrain drain) {
        JsonObject report = drain.report();
        table.row(
                Wording.time(drain.endedAt()),
                drain.pod(),
                Wording.name(drain.ending().key()),
                shown(report, "cut"),
                shown(report, "exit-code"),
                drain.endedAt().isBefore(drain.startedAt())
                        ? "–"
                        : Wording.length(Duration.between(drain.startedAt(), drain.endedAt())),
                asked(report),
                shown(report, "served"),
                shown(report, "rejected"));
    }

    private static Html asked(JsonObject report) {
        Html asked = Html.of("{}", triggers(report));
        return report.getValue("reason") instanceof String reason ? asked.add(": <q>{}</q>", reason) : asked;
    }

    private static String triggers(JsonObject report) {
        return report.getValue("triggers") instanceof JsonArray triggers
                ? triggers.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : "";
    }

    private static Object shown(JsonObject report, String key) {
        Object value = report.getValue(key);
        return value == null ? "–" : value;
    }
}

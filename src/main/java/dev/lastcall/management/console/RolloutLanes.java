package dev.lastcall.management.console;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.management.console.Lane.Bar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All pods of the fleet on one time axis, those that live and those that have ended, with their drains as bars. */
record RolloutLanes(RolloutView view) {
    private static final int TICKS = 4;

    Html html() {
        List<Lane> lanes = Lane.of(view);
        List<Html> rows = new ArrayList<>();
        lanes.forEach(lane -> rows.add(row(lane)));
        long lossy = lanes.stream().filter(Lane::isLossy).count();
        return Html.of(
                """
                <div id="rollout-lanes" data-live>
                {}<p class="hint {}">{}</p>
                <div class="scroll" role="group" tabindex="0" aria-label="Pods on one time axis"><table class="lanes">
                <caption class="unseen">Pods on one time axis</caption>
                <thead><tr><th scope="col">Pod</th><th scope="col" class="axis"><span class="unseen">Drain</span>{}</th><th scope="col">Now, or the end</th></tr></thead>
                <tbody>
                {}</tbody></table></div>
                </div>
                """,
                view.past() == null
                        ? Html.of(
                                "<p class=\"empty bad\">The history does not answer: only pods that live are here.</p>")
                        : new Html(),
                lossy > 0 ? "bad" : "",
                lossy == 0 ? "No losses in this time." : lossy + " of " + lanes.size() + " with losses, marked ✕.",
                axis(),
                Html.join(rows));
    }

    private Html axis() {
        Html ticks = new Html();
        for (int i = 0; i <= TICKS; i++) {
            Instant at = view.start().plus(view.window().multipliedBy(i).dividedBy(TICKS));
            String anchor = i == 0 ? "first" : i == TICKS ? "end" : "middle";
            ticks.add(
                    "<text class=\"{}\" x=\"{}\" y=\"14\">{}</text>",
                    anchor,
                    percent(at),
                    at.toString().substring(11, 16));
        }
        return Html.of("<svg class=\"ticks\" width=\"100%\" height=\"18\" aria-hidden=\"true\">{}</svg>", ticks);
    }

    private Html row(Lane lane) {
        Html name = lane.live() == null ? Html.of("{}", lane.pod()) : FleetPanels.link(lane.live());
        if (lane.live() != null && lane.live().instance().equals(view.self())) {
            name.add(" <span class=\"unit\">this one</span>");
        }
        return Html.of(
                "<tr><th scope=\"row\">{}</th><td class=\"axis\">{}</td><td>{}</td></tr>\n",
                name,
                picture(lane),
                outcome(lane));
    }

    private Html picture(Lane lane) {
        Html bars = new Html();
        for (Bar bar : lane.bars()) {
            if (bar.to().isAfter(view.start()) && bar.from().isBefore(view.now())) {
                bars.add(
                        "<rect class=\"piece past s-{}\" x=\"{}\" y=\"4\" width=\"{}\""
                                + " height=\"20\"><title>{}</title></rect>",
                        bar.stage().replaceAll("[^a-z-]", ""),
                        percent(bar.from()),
                        width(bar),
                        Wording.name(bar.stage()) + ", " + Wording.length(Duration.between(bar.from(), bar.to())));
            }
        }
        PastDrain last = lane.last();
        if (last != null && lane.isLossy() && last.endedAt().isAfter(view.start())) {
            bars.add("<text class=\"loss\" x=\"{}\" y=\"20\">✕</text>", percent(last.endedAt()));
        }
        return Html.of(
                "<svg class=\"lane\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"28\">{}</svg>",
                sentence(lane), bars);
    }

    private static String sentence(Lane lane) {
        if (lane.bars().isEmpty()) {
            return "no drain";
        }
        Bar first = lane.bars().get(0);
        Bar end = lane.bars().get(lane.bars().size() - 1);
        return "from " + first.from().toString().substring(11, 19) + " UTC for "
                + Wording.length(Duration.between(first.from(), end.to()))
                + (lane.isLossy() ? ", with losses" : "");
    }

    private static Html outcome(Lane lane) {
        Html text = new Html();
        if (lane.live() != null) {
            text.add("{} ", Wording.badge(lane.live().state()));
            if (lane.live().inFlight() > 0) {
                text.add("{} in flight. ", lane.live().inFlight());
            }
        }
        return lane.last() == null ? text : text.add("{}", ending(lane, lane.last()));
    }

    private static Html ending(Lane lane, PastDrain last) {
        Html text = Html.of(
                "<span class=\"{}\">{}</span> {}",
                lane.isLossy() ? "bad" : "",
                (lane.isLossy() ? "✕ " : "") + Wording.name(last.ending().key()),
                Wording.clock(last.endedAt()));
        if (last.report().getValue("exit-code") instanceof Number code) {
            text.add(", exit {}", code);
        }
        if (lane.number("cut") > 0) {
            text.add(", {} cut", lane.number("cut"));
        }
        if (lane.number("lost") > 0) {
            text.add(", {} runs lost", lane.number("lost"));
        }
        return last.report().getValue("reason") instanceof String reason ? text.add(": <q>{}</q>", reason) : text;
    }

    private String width(Bar bar) {
        double share = share(bar.to()) - share(bar.from());
        // A drain of a second in a day must be seen too.
        return String.format(Locale.ROOT, "%.3f%%", Math.max(0.4, share));
    }

    private String percent(Instant at) {
        return String.format(Locale.ROOT, "%.3f%%", share(at));
    }

    private double share(@Nullable Instant at) {
        double share = at == null
                ? 0
                : 100.0
                        * Duration.between(view.start(), at).toMillis()
                        / view.window().toMillis();
        return Math.max(0, Math.min(100, share));
    }
}

package dev.lastcall.management.console;

import dev.lastcall.drain.DrainState;

/** The page, whole or by the parts that change. */
public final class ConsolePage {
    private static final String LINKS = """
            <a href="/drain">State as JSON</a> · <a href="/drain/in-flight">In flight</a> ·
            <a href="/drain/history">History</a> · <a href="/drain/peers">Pods</a> · <a href="/q/metrics">Metrics</a> ·
            <a href="/drain/openapi.yaml">API</a>""";
    private static final String MAIN = """
            <div class="panels">
            <div class="group" id="here" data-state="{}">
            {}</div>
            <div class="group" id="fleet">
            {}</div>
            </div>
            """;

    private ConsolePage() {}

    /** All of it. */
    public static String whole(ConsoleView here, FleetView fleet) {
        String state = here.drain().state().key();
        PageFrame frame = new PageFrame(
                Wording.name(state) + " · " + here.pod(),
                "the drain",
                Html.of("<span class=\"unseen\">Pod </span>{}", here.pod()),
                Wording.clock(here.now()),
                "/",
                new StatePanel(here).announcement(),
                Html.of(LINKS));
        return frame.around(Html.of(MAIN, state, panels(here), new FleetPanels(fleet).html()));
    }

    /** Renders the part of the page that changes with this pod's drain. */
    public static String here(ConsoleView here) {
        DrainState state = here.drain().state();
        return Html.of(
                        "<div id=\"here\" data-state=\"{}\" data-title=\"{} · {} · Lastcall\""
                                + " data-announcement=\"{}\">{}</div>\n",
                        state.key(),
                        Wording.name(state.key()),
                        here.pod(),
                        new StatePanel(here).announcement(),
                        panels(here))
                .toString();
    }

    /** Renders the part of the page that changes with the other pods. */
    public static String fleet(FleetView fleet) {
        return Html.of("<div id=\"fleet\">{}</div>\n", new FleetPanels(fleet).html())
                .toString();
    }

    private static Html panels(ConsoleView here) {
        return new Html()
                .add("{}", new StatePanel(here).html())
                .add("{}", new BudgetPanel(here).html())
                .add("{}", new WorkPanel(here).html())
                .add("{}", new RoomsPanel(here).html());
    }
}

package dev.lastcall.management.console;

import dev.lastcall.drain.DrainState;

/** The page, whole or by the parts that change. */
public final class ConsolePage {
    private static final String SKELETON = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{} · {} · Lastcall</title>
            <link rel="icon" href="/console/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/console/console.css">
            <script src="/console/console.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the drain</a>
            <header>
            <p class="mark"><span aria-hidden="true" class="bell">◗</span> Lastcall</p>
            <p class="pod"><span class="unseen">Pod </span>{}</p>
            <p class="live" id="link">As of {} UTC. <a href="/">Refresh</a></p>
            </header>
            <main id="main" tabindex="-1">
            <p class="unseen" id="announcement" role="status" aria-live="polite">{}</p>
            <p class="alert" id="alert" role="alert" hidden></p>
            <div class="panels">
            <div class="group" id="here" data-state="{}">
            {}</div>
            <div class="group" id="fleet">
            {}</div>
            </div>
            </main>
            <footer><p><a href="/drain">State as JSON</a> · <a href="/drain/in-flight">In flight</a> ·
            <a href="/drain/history">History</a> · <a href="/drain/peers">Pods</a> · <a href="/q/metrics">Metrics</a> ·
            <a href="/drain/openapi.yaml">API</a></p></footer>
            </body>
            </html>
            """;

    private ConsolePage() {}

    /** All of it. */
    public static String whole(ConsoleView here, FleetView fleet) {
        return Html.of(
                        SKELETON,
                        Wording.name(here.drain().state().key()),
                        here.pod(),
                        here.pod(),
                        Wording.clock(here.now()),
                        new StatePanel(here).announcement(),
                        here.drain().state().key(),
                        panels(here),
                        new FleetPanels(fleet).html())
                .toString();
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

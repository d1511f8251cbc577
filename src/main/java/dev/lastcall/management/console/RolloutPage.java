package dev.lastcall.management.console;

import java.util.List;

/** The page of a rollout, whole or by the part that changes. */
public final class RolloutPage {
    private static final String LINKS =
            "<a href=\"/\">This pod</a> · <a href=\"/drain/history\">History</a> · <a href=\"/drain/peers\">Pods</a>";
    private static final String MAIN = """
            <section class="panel" aria-labelledby="rollout-name">
            <h1 id="rollout-name">Rollout</h1>
            <nav aria-label="How far back">{}</nav>
            <div id="rollout" data-path="/console/rollout?window={}">{}</div>
            </section>
            """;

    private RolloutPage() {}

    /**
     * All of it.
     *
     * @param windows the words of the windows that can be chosen
     * @param chosen one of them
     */
    public static String whole(RolloutView view, List<String> windows, String chosen) {
        Html choice = new Html();
        windows.forEach(window -> choice.add(
                window.equals(chosen)
                        ? "<a href=\"/rollout?window={}\" aria-current=\"page\">{}</a> "
                        : "<a href=\"/rollout?window={}\">{}</a> ",
                window,
                window));
        PageFrame frame = new PageFrame(
                "Rollout",
                "the pods",
                Html.of("<a href=\"/\"><span class=\"unseen\">Pod </span>{}</a>", view.pod()),
                Wording.clock(view.now()),
                "/rollout?window=" + chosen,
                "",
                Html.of(LINKS));
        return frame.around(Html.of(MAIN, choice, chosen, new RolloutLanes(view).html()));
    }

    /** Renders the part that changes. */
    public static String part(RolloutView view) {
        return Html.of("<div id=\"rollout\">{}</div>\n", new RolloutLanes(view).html())
                .toString();
    }
}

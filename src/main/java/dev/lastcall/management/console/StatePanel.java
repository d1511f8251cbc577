package dev.lastcall.management.console;

import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Trigger;
import java.util.stream.Collectors;

/** Shows the state of this pod's drain and the buttons to change it. */
final class StatePanel {
    private static final String REASON = "<label class=\"why\" for=\"reason\">Reason</label>"
            + "<input id=\"reason\" name=\"reason\" maxlength=\"" + DrainRequest.LONGEST_REASON
            + "\" autocomplete=\"off\">";

    private final DrainView drain;
    private final DrainSettings settings;

    StatePanel(ConsoleView view) {
        drain = view.drain();
        settings = view.settings();
    }

    Html html() {
        String key = drain.state().key();
        return Html.of("""
                <section id="state" class="panel hero {}" aria-labelledby="state-name">
                <div class="what"><h1 id="state-name" data-live>{}</h1>
                <p class="sentence" id="sentence" data-live>{}</p>
                <p class="triggers" id="triggers" data-live>{}</p></div>
                <div class="left" id="left" data-live>{}</div>
                <div class="actions" id="actions" data-live>{}</div>
                </section>
                """, "s-" + key, title(key), sentence(), triggers(), left(), actions());
    }

    /** The text that screen readers read out at a change; without numbers, since those change all the time. */
    String announcement() {
        return Wording.name(drain.state().key()) + ". " + (drain.ready() ? "Ready. " : "Not ready. ")
                + Wording.sentence(drain.state());
    }

    private Html title(String key) {
        return Html.of(
                "<span class=\"symbol\" aria-hidden=\"true\">{}</span> {} <span class=\"ready {}\">{}</span>",
                Wording.symbol(key),
                Wording.name(key),
                drain.ready() ? "yes" : "no",
                drain.ready() ? "ready" : "not ready");
    }

    /** Says by when what is in flight ends, which is before the process ends by the release's time. */
    private Html sentence() {
        Html sentence = Html.of("{}", Wording.sentence(drain.state()));
        return drain.state() == DrainState.CANCELLING && drain.deadline() != null
                ? sentence.add(
                        " Whatever is left at {} UTC is cut.",
                        Wording.clock(drain.deadline().minus(settings.releaseReserve())))
                : sentence;
    }

    private Html triggers() {
        if (drain.startedAt() == null) {
            return new Html();
        }
        String names = drain.triggers().stream().map(Trigger::key).collect(Collectors.joining(", "));
        Html since = Html.of("Since {} UTC, by {}", Wording.clock(drain.startedAt()), names);
        DrainRequest request = drain.request();
        if (request != null) {
            since.add(", asked for by {}", request.askedBy());
        }
        return request == null || request.reason() == null ? since : since.add(": <q>{}</q>", request.reason());
    }

    private Html left() {
        if (drain.remaining() != null && drain.deadline() != null) {
            return Html.of(
                    "<span class=\"big\">{}</span> <span class=\"unit\">left until {} UTC</span>",
                    Wording.length(drain.remaining()),
                    Wording.clock(drain.deadline()));
        }
        return drain.state() == DrainState.SERVING
                ? new Html()
                : Html.of("<span class=\"unit\">No deadline: an operator's drain waits as long as it takes.</span>");
    }

    private Html actions() {
        if (drain.state() == DrainState.SERVING) {
            return button(
                    "drain",
                    "POST",
                    "Drain this pod",
                    "Takes it out of service and does not end it. Can be undone.",
                    REASON);
        }
        boolean undoable = drain.state().successors().contains(DrainState.SERVING)
                && drain.triggers().stream().noneMatch(Trigger::terminates);
        return undoable
                ? button("undrain", "DELETE", "Undrain", "Puts this pod back into service.", "")
                : Html.of("<p class=\"hint\">This drain cannot be undone from here: {}.</p>", why());
    }

    private String why() {
        return drain.triggers().stream().anyMatch(Trigger::terminates)
                ? "the pod is being ended"
                : "what is in flight has been told to end";
    }

    /** @param more markup of ours before the button */
    private static Html button(String verb, String method, String label, String hint, String more) {
        return Html.of(
                "<form method=\"post\" action=\"/console/{}\" data-method=\"{}\">" + more
                        + "<button id=\"{}\" class=\"{}\""
                        + " aria-describedby=\"{}-hint\">{}</button></form><p class=\"hint\" id=\"{}-hint\">{}</p>",
                verb,
                method,
                verb,
                verb,
                verb,
                label,
                verb,
                hint);
    }
}

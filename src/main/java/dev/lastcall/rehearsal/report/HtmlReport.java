package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.load.LoadLedger;
import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import dev.lastcall.rehearsal.pod.PodPhase;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result as one HTML file without scripts, fonts or any other resource. */
public final class HtmlReport {
    private static final int MOST_LOSSES = 300;

    private final RehearsalResult result;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(RehearsalResult result) {
        this.result = result;
    }

    /** Returns the whole file. */
    public static String of(RehearsalResult result) {
        return new HtmlReport(result).page();
    }

    private String page() {
        boolean good = result.ledger().lost() == 0;
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .append("<meta name=\"color-scheme\" content=\"light dark\">")
                .append("<title>Rehearsal: ")
                .append(text(result.verdict()))
                .append("</title>\n<style>")
                .append(HtmlStyle.TEXT)
                .append("</style></head><body><main>\n<h1>Rehearsal of a rolling update</h1>\n<p class=\"program\">")
                .append(text(result.program()))
                .append("</p>\n<p class=\"verdict ")
                .append(good ? "good" : "bad")
                .append("\">")
                .append(text(result.verdict()))
                .append("</p>\n");
        appendTimeline();
        appendCounts();
        appendLosses();
        appendNotes();
        appendSettings();
        return html.append("</main></body></html>\n").toString();
    }

    private void appendTimeline() {
        html.append("<h2>Pods</h2>\n<div class=\"timeline\">\n");
        result.pods().forEach(pod -> appendRow(pod.pod(), pod, result.losses(pod.pod())));
        if (!result.losses("").isEmpty()) {
            appendRow("no endpoint", null, result.losses(""));
        }
        html.append("<div class=\"name\"></div><div class=\"axis\"><span>0 s</span><span>")
                .append(LossGroup.seconds(result.length()))
                .append(" s</span></div>\n</div>\n<p class=\"legend\">");
        for (PodPhase phase : PodPhase.values()) {
            if (phase != PodPhase.GONE) {
                html.append("<span><i class=\"")
                        .append(css(phase))
                        .append("\"></i>")
                        .append(phase.words())
                        .append("</span> ");
            }
        }
        html.append("<span><i class=\"loss\"></i>loss</span></p>\n");
    }

    private void appendRow(String name, @Nullable PodHistory pod, List<Loss> losses) {
        html.append("<div class=\"name\">")
                .append(text(name))
                .append("</div><svg viewBox=\"0 0 1000 24\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
                .append(text(name + ", " + losses.size() + " lost"))
                .append("\">");
        if (pod != null) {
            appendSegments(pod);
        }
        for (Loss loss : losses) {
            html.append("<rect class=\"loss\" y=\"0\" height=\"24\" width=\"2\" x=\"")
                    .append(at(loss.at()))
                    .append("\"><title>")
                    .append(text(LossGroup.seconds(loss.at()) + " s: "
                            + loss.kind().words() + " (" + loss.load().words() + ")"))
                    .append("</title></rect>");
        }
        html.append("</svg>\n");
    }

    private void appendSegments(PodHistory pod) {
        List<PodEvent> events = pod.events();
        for (int i = 0; i < events.size(); i++) {
            Duration from = events.get(i).at();
            Duration to = i + 1 < events.size() ? events.get(i + 1).at() : result.length();
            PodPhase phase = pod.phaseAt(from);
            boolean over = phase == PodPhase.GONE
                    || pod.at(PodEvent.Kind.EXITED)
                            .filter(exit -> exit.compareTo(from) <= 0)
                            .isPresent();
            if (!over && to.compareTo(from) > 0) {
                html.append("<rect class=\"")
                        .append(css(phase))
                        .append("\" y=\"4\" height=\"16\" x=\"")
                        .append(at(from))
                        .append("\" width=\"")
                        .append(at(to.minus(from)))
                        .append("\"><title>")
                        .append(text(phase.words() + " from " + LossGroup.seconds(from) + " s"))
                        .append("</title></rect>");
            }
        }
    }

    private String at(Duration moment) {
        double share = (double) moment.toNanos() / Math.max(1, result.length().toNanos());
        return String.format(Locale.ROOT, "%.1f", Math.min(1000, 1000 * share));
    }

    private static String css(PodPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private void appendCounts() {
        html.append(
                "<h2>Load</h2>\n<div class=\"scroll\"><table><tr><th>kind</th><th>request</th><th>served</th><th>lost</th><th>retried</th></tr>\n");
        result.kinds().forEach((kind, request) -> {
            LoadLedger.Count count = result.ledger().count(kind);
            cells(
                    kind.words(),
                    request,
                    Integer.toString(count.served()),
                    Integer.toString(count.lost()),
                    Integer.toString(count.retried()));
        });
        html.append("</table></div>\n");
    }

    private void appendLosses() {
        List<Loss> losses = result.ledger().losses();
        if (losses.isEmpty()) {
            return;
        }
        html.append("<h2>Lost</h2>\n<ul>\n");
        for (LossGroup group : LossGroup.of(losses)) {
            html.append("<li>").append(text(group.words())).append("</li>\n");
        }
        html.append(
                "</ul>\n<details><summary>each loss</summary><div class=\"scroll\"><table>"
                        + "<tr><th>at, s</th><th>pod</th><th>phase</th><th>since its end began, s</th><th>load</th><th>loss</th><th>detail</th></tr>\n");
        losses.stream()
                .limit(MOST_LOSSES)
                .forEach(loss -> cells(
                        LossGroup.seconds(loss.at()),
                        loss.pod(),
                        loss.phase().map(PodPhase::words).orElse("no endpoint"),
                        loss.sinceEnd().map(LossGroup::seconds).orElse(""),
                        loss.load().words(),
                        loss.kind().words(),
                        loss.detail()));
        html.append("</table></div>");
        if (losses.size() > MOST_LOSSES) {
            html.append("<p>The first ")
                    .append(MOST_LOSSES)
                    .append(" of ")
                    .append(losses.size())
                    .append(".</p>");
        }
        html.append("</details>\n");
    }

    private void appendNotes() {
        html.append("<ul>\n");
        for (String note : result.notes()) {
            html.append("<li>").append(text(note)).append("</li>\n");
        }
        result.endings()
                .ifPresent(words -> html.append("<li>").append(text(words)).append("</li>\n"));
        html.append("</ul>\n");
    }

    private void appendSettings() {
        html.append("<h2>Settings</h2>\n<div class=\"scroll\"><table>\n");
        for (Map.Entry<String, String> each : result.settings().entrySet()) {
            cells(each.getKey(), each.getValue());
        }
        html.append("</table></div>\n");
    }

    private void cells(String... texts) {
        html.append("<tr>");
        for (String each : texts) {
            html.append("<td>").append(text(each)).append("</td>");
        }
        html.append("</tr>\n");
    }

    /** Text of foreign programs as text. */
    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

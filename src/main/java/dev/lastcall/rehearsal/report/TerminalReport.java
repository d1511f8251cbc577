package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.load.LoadKind;
import dev.lastcall.rehearsal.load.LoadLedger;
import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import dev.lastcall.rehearsal.pod.PodPhase;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints a result for people: a timeline with a bar for each pod, what was lost, and the verdict. */
public final class TerminalReport {
    private static final int MOST_GROUPS = 20;

    private final RehearsalResult result;
    private final TerminalStyle style;
    private final PrintStream out;
    private final int label;
    private final int columns;

    private TerminalReport(RehearsalResult result, TerminalStyle style, PrintStream out) {
        this.result = result;
        this.style = style;
        this.out = out;
        this.label =
                result.pods().stream().mapToInt(pod -> pod.pod().length()).max().orElse(0) + 2;
        this.columns = style.width() - label;
    }

    /** Prints it. */
    public static void print(RehearsalResult result, TerminalStyle style, PrintStream out) {
        new TerminalReport(result, style, out).print();
    }

    private void print() {
        out.println();
        printAxis();
        result.pods().forEach(this::printPod);
        printMarks("", result.losses(""));
        out.println(legend());
        out.println();
        printCounts();
        printLosses();
        result.endings().ifPresent(out::println);
        result.notes().forEach(note -> out.println("note: " + note));
        boolean good = result.ledger().lost() == 0;
        out.println(style.verdict(result.verdict(), good));
        out.flush();
    }

    private Duration perColumn() {
        return Duration.ofNanos(Math.max(1, result.length().toNanos() / columns));
    }

    private void printAxis() {
        StringBuilder axis = new StringBuilder();
        long seconds = Math.max(1, Math.round(result.length().toMillis() / 1000.0 / 8));
        for (long at = 0; at <= result.length().toSeconds(); at += seconds) {
            int column = (int) (Duration.ofSeconds(at).toNanos() / perColumn().toNanos());
            String text = at + "s";
            if (column >= axis.length() && column + text.length() <= columns) {
                axis.append(" ".repeat(column - axis.length())).append(text);
            }
        }
        out.println(" ".repeat(label) + axis);
    }

    private void printPod(PodHistory pod) {
        Duration start = pod.at(PodEvent.Kind.STARTED).orElse(Duration.ZERO);
        StringBuilder bar = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            // The column's end, so that an event shows in the column in which it happens.
            Duration moment = perColumn().multipliedBy(i + 1L);
            bar.append(moment.compareTo(start) < 0 ? " " : style.bar(barPhase(pod, moment)));
        }
        out.println(padded(pod.pod()) + bar.toString().stripTrailing());
        printMarks("", result.losses(pod.pod()));
    }

    /** A killed pod is gone at once; its kill is shown in the one column in which it was. */
    private PodPhase barPhase(PodHistory pod, Duration moment) {
        PodPhase phase = pod.phaseAt(moment);
        boolean before = pod.phaseAt(moment.minus(perColumn())) == PodPhase.KILLED;
        return phase == PodPhase.KILLED && before ? PodPhase.GONE : phase;
    }

    private void printMarks(String name, List<Loss> losses) {
        if (losses.isEmpty()) {
            return;
        }
        boolean[] lost = new boolean[columns];
        for (Loss loss : losses) {
            lost[(int) Math.min(columns - 1, loss.at().toNanos() / perColumn().toNanos())] = true;
        }
        StringBuilder marks = new StringBuilder();
        for (boolean each : lost) {
            marks.append(each ? style.mark() : " ");
        }
        out.println(padded(name) + marks.toString().stripTrailing());
    }

    private String padded(String name) {
        return name + " ".repeat(label - name.length());
    }

    private String legend() {
        StringBuilder legend = new StringBuilder(" ".repeat(label));
        for (PodPhase phase : List.of(PodPhase.STARTING, PodPhase.SERVING, PodPhase.TERMINATING, PodPhase.WITHDRAWN)) {
            legend.append(style.bar(phase)).append(' ').append(phase.words()).append("  ");
        }
        return legend.append(style.bar(PodPhase.KILLED))
                .append(" SIGKILL  ")
                .append(style.mark())
                .append(" loss")
                .toString();
    }

    private void printCounts() {
        out.println(String.format(Locale.ROOT, "%-10s %8s %8s %8s", "load", "served", "lost", "retried"));
        for (Map.Entry<LoadKind, String> kind : result.kinds().entrySet()) {
            LoadLedger.Count count = result.ledger().count(kind.getKey());
            out.println(String.format(
                    Locale.ROOT,
                    "%-10s %8d %8d %8d   %s",
                    kind.getKey().words(),
                    count.served(),
                    count.lost(),
                    count.retried(),
                    kind.getValue()));
        }
        out.println();
    }

    private void printLosses() {
        List<LossGroup> groups = LossGroup.of(result.ledger().losses());
        for (LossGroup group : groups.subList(0, Math.min(MOST_GROUPS, groups.size()))) {
            out.println(group.words());
        }
        if (groups.size() > MOST_GROUPS) {
            out.println("… and " + (groups.size() - MOST_GROUPS) + " more groups");
        }
    }
}

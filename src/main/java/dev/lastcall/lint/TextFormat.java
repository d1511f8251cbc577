package dev.lastcall.lint;

import dev.lastcall.lint.check.Finding;
import dev.lastcall.lint.check.Severity;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The format for people: a summary, the budgets, one line for each cause, what was left out, and the totals. */
final class TextFormat implements ResultFormat {
    private static final Map<Severity, String> COLOURS =
            Map.of(Severity.ERROR, "\u001b[31m", Severity.WARNING, "\u001b[33m", Severity.NOTE, "\u001b[36m");

    @Override
    public void print(LintResult result, PrintStream out, PrintStream err) {
        boolean coloured = out == System.out && isTerminal();
        if (!result.causes().isEmpty()) {
            out.println("summary: " + summary(result));
        }
        result.timelines().forEach(out::println);
        result.causes().stream()
                .sorted(Comparator.comparing(each -> each.finding().severity()))
                .forEach(each -> out.println(line(each, coloured)));
        result.skipped().forEach(each -> out.println(Escaped.file(each)));
        result.unknown().words().forEach(out::println);
        out.flush();
        result.problems().forEach(each -> err.println(Escaped.file(each)));
        err.flush();
        out.println(result.totals());
    }

    private static String summary(LintResult result) {
        Map<String, Integer> rules = new LinkedHashMap<>();
        result.causes().stream()
                .sorted(Comparator.comparing(each -> each.finding().severity()))
                .forEach(each -> rules.merge(each.finding().severity().word() + " " + each.rule(), 1, Integer::sum));
        return rules.entrySet().stream()
                .map(each -> each.getKey() + (each.getValue() == 1 ? "" : " (" + each.getValue() + " places)"))
                .collect(Collectors.joining(", "));
    }

    /** One line, which editors understand as a place in a file. */
    private static String line(LintResult.Cause cause, boolean coloured) {
        Finding finding = cause.finding();
        String word = finding.severity().word();
        String shown = coloured ? COLOURS.get(finding.severity()) + word + "\u001b[0m" : word;
        String text = finding.document().label() + " " + finding.place().path() + ": " + finding.why() + "; "
                + finding.mend() + (cause.times() > 1 ? " (" + cause.times() + " times)" : "");
        return Escaped.file(finding.document().file()) + ":" + finding.place().line() + ": " + shown + ": "
                + Escaped.line(text) + " [" + cause.rule() + "]";
    }

    /** The JDK's own answer differs between its versions. */
    private static boolean isTerminal() {
        try {
            return System.getenv("NO_COLOR") == null
                    && !"dumb".equals(System.getenv("TERM"))
                    && Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
                            .toString()
                            .matches("/dev/(pts/|tty).*");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}

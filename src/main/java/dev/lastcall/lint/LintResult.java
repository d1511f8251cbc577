package dev.lastcall.lint;

import dev.lastcall.lint.check.Checks.Ruled;
import dev.lastcall.lint.check.Finding;
import dev.lastcall.lint.check.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a lint.
 *
 * @param causes one for each place and reason, however many objects it concerns
 * @param timelines of each Lastcall's budget
 * @param skipped what is no manifest
 * @param unknown the objects whose pods lint cannot see
 * @param problems what could not be read
 */
record LintResult(
        List<Cause> causes,
        List<String> timelines,
        List<String> skipped,
        Unknown unknown,
        List<String> problems,
        int workloads,
        int manifests) {

    /** A finding, and how often it was made at this place. */
    record Cause(String rule, Finding finding, int times) {}

    /** Objects that were not linted, in words, and their number. */
    record Unknown(List<String> words, int number) {}

    /** Returns one cause for the findings with one rule, place and reason, as of an anchor or a ConfigMap that many pods use. */
    static List<Cause> causes(List<Ruled> findings) {
        Map<List<Object>, Cause> causes = new LinkedHashMap<>();
        for (Ruled each : findings) {
            Finding finding = each.finding();
            List<Object> key = List.of(
                    each.rule(), finding.document().file(), finding.place().line(), finding.why());
            causes.merge(
                    key,
                    new Cause(each.rule(), finding, 1),
                    (known, again) -> new Cause(known.rule, known.finding, known.times + 1));
        }
        return new ArrayList<>(causes.values());
    }

    long count(Severity severity) {
        return causes.stream()
                .filter(each -> each.finding().severity() == severity)
                .count();
    }

    /** The last line: what was counted. */
    String totals() {
        StringBuilder line = new StringBuilder(count(count(Severity.ERROR), "error"))
                .append(", ")
                .append(count(count(Severity.WARNING), "warning"));
        if (count(Severity.NOTE) > 0) {
            line.append(", ").append(count(count(Severity.NOTE), "note"));
        }
        line.append(workloads == 0 ? "; no workload in " : " in " + count(workloads, "workload") + ", ")
                .append(count(manifests, "manifest"));
        if (unknown.number() > 0) {
            line.append(", ").append(unknown.number()).append(" not linted");
        }
        if (!problems.isEmpty()) {
            line.append(", ").append(count(problems.size(), "problem"));
        }
        return line.toString();
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

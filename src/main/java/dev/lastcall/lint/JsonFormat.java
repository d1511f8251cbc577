package dev.lastcall.lint;

import dev.lastcall.lint.check.Finding;
import dev.lastcall.lint.check.Severity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;

/** One JSON object for programs. Fields may be added to it, none is renamed. */
final class JsonFormat implements ResultFormat {
    @Override
    public void print(LintResult result, PrintStream out, PrintStream err) {
        JsonArray findings = new JsonArray();
        result.causes().forEach(each -> findings.add(finding(each)));
        JsonObject summary = new JsonObject()
                .put("errors", result.count(Severity.ERROR))
                .put("warnings", result.count(Severity.WARNING))
                .put("notes", result.count(Severity.NOTE))
                .put("workloads", result.workloads())
                .put("manifests", result.manifests())
                .put("notLinted", result.unknown().number());
        out.println(new JsonObject()
                .put("summary", summary)
                .put("findings", findings)
                .put("skipped", new JsonArray(result.skipped()))
                .put("notLinted", new JsonArray(result.unknown().words()))
                .put("problems", new JsonArray(result.problems()))
                .encodePrettily());
    }

    private static JsonObject finding(LintResult.Cause cause) {
        Finding finding = cause.finding();
        return new JsonObject()
                .put("rule", cause.rule())
                .put("severity", finding.severity().word())
                .put("file", finding.document().file())
                .put("line", finding.place().line())
                .put("object", finding.document().label())
                .put("namespace", finding.document().namespace())
                .put("path", finding.place().path())
                .put("why", finding.why())
                .put("mend", finding.mend())
                .put("times", cause.times())
                .put("fixable", !finding.edits().isEmpty());
    }
}

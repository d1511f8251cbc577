package dev.lastcall.lint;

import dev.lastcall.lint.check.Finding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** SARIF 2.1.0, which code scanning of GitHub, GitLab and others reads. */
final class SarifFormat implements ResultFormat {
    private static final String SAFE = "/-._~";

    @Override
    public void print(LintResult result, PrintStream out, PrintStream err) {
        JsonArray results = new JsonArray();
        Set<String> names = new TreeSet<>();
        for (LintResult.Cause cause : result.causes()) {
            names.add(cause.rule());
            results.add(result(cause));
        }
        JsonArray rules = new JsonArray();
        names.forEach(each -> rules.add(new JsonObject().put("id", each)));
        JsonArray problems = new JsonArray();
        result.problems()
                .forEach(each -> problems.add(
                        new JsonObject().put("level", "error").put("message", new JsonObject().put("text", each))));
        JsonObject run = new JsonObject()
                .put(
                        "tool",
                        new JsonObject()
                                .put(
                                        "driver",
                                        new JsonObject()
                                                .put("name", "lastcall lint")
                                                .put("rules", rules)))
                .put(
                        "invocations",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put(
                                                "executionSuccessful",
                                                result.problems().isEmpty())
                                        .put("toolExecutionNotifications", problems)))
                .put("results", results);
        out.println(new JsonObject()
                .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                .put("version", "2.1.0")
                .put("runs", new JsonArray().add(run))
                .encodePrettily());
    }

    private static JsonObject result(LintResult.Cause cause) {
        Finding finding = cause.finding();
        JsonObject place = new JsonObject()
                .put(
                        "artifactLocation",
                        new JsonObject().put("uri", uri(finding.document().file())))
                .put("region", new JsonObject().put("startLine", finding.place().line()));
        return new JsonObject()
                .put("ruleId", cause.rule())
                .put("level", finding.severity().word())
                .put(
                        "message",
                        new JsonObject()
                                .put(
                                        "text",
                                        Escaped.line(finding.document().label() + " "
                                                + finding.place().path() + ": " + finding.why() + "; "
                                                + finding.mend())))
                .put("occurrenceCount", cause.times())
                .put("locations", new JsonArray().add(new JsonObject().put("physicalLocation", place)));
    }

    /** A path as a reference: a colon in its first part would be a scheme. */
    private static String uri(String file) {
        StringBuilder uri = new StringBuilder();
        for (byte each : file.replaceFirst("^\\./", "").getBytes(StandardCharsets.UTF_8)) {
            boolean plain = each > 0 && (Character.isLetterOrDigit(each) || SAFE.indexOf(each) >= 0);
            uri.append(plain ? String.valueOf((char) each) : "%%%02X".formatted(each & 0xff));
        }
        return uri.toString();
    }
}

package dev.lastcall.lint;

import dev.lastcall.lint.check.Finding;
import dev.lastcall.lint.check.Severity;
import java.io.PrintStream;

/** Workflow commands of GitHub Actions: annotations beside the lines of a pull request. */
final class GithubFormat implements ResultFormat {
    @Override
    public void print(LintResult result, PrintStream out, PrintStream err) {
        result.causes().forEach(each -> out.println(command(each)));
        result.problems().forEach(each -> out.println("::error::" + data(Escaped.line(each))));
        result.unknown().words().forEach(out::println);
        out.println(result.totals());
    }

    private static String command(LintResult.Cause cause) {
        Finding finding = cause.finding();
        String level = finding.severity() == Severity.NOTE
                ? "notice"
                : finding.severity().word();
        String text = finding.document().label() + " " + finding.place().path() + ": " + finding.why() + "; "
                + finding.mend() + " [" + cause.rule() + "]";
        return "::" + level + " file=" + property(finding.document().file()) + ",line="
                + finding.place().line() + ",title=" + property(cause.rule()) + "::" + data(Escaped.line(text));
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}

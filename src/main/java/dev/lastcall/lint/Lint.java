package dev.lastcall.lint;

import dev.lastcall.lint.check.Checks;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The command {@code lint}: reads manifests, tells what ends their pods badly, and prints each Lastcall's budget as a timeline. */
public final class Lint {
    static final int CLEAN = 0;
    static final int FINDINGS = 1;
    static final int UNREADABLE = 2;

    private static final String USAGE = """
            usage: %s lint [OPTION ...] FILE|DIRECTORY|- ...
              --kubernetes=1.33            the cluster's version
              --format=text|json|sarif|github
              --fail-on=error|warning|none what exit code 1 is for; error where nothing is said
              --fail-if-empty              exit code 2 where there is no manifest
              --fix                        prints a patch for each finding that has one answer; the findings go to standard error
              --rules                      prints the names of the rules
              --                           what follows are files
              exit code 0: clean; 1: findings; 2: something could not be read""";

    private Lint() {}

    /**
     * Lints what the arguments name.
     *
     * @return the exit code: 0 where it is clean, 1 where there are findings, 2 where something could not be read
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        try {
            LintOptions options = LintOptions.of(arguments);
            if (options.wantsHelp()) {
                out.println(USAGE.formatted(program()));
                return CLEAN;
            }
            if (options.wantsRules()) {
                new Checks(options.cluster()).rules().stream().sorted().forEach(out::println);
                return CLEAN;
            }
            return lint(options, in, out, err);
        } catch (UnreadableManifest e) {
            err.println(Escaped.line(e.words()));
            err.println(USAGE.formatted(program()));
            return UNREADABLE;
        }
    }

    private static int lint(LintOptions options, InputStream in, PrintStream out, PrintStream err) {
        ManifestReader reader = new ManifestReader();
        Sources.of(options.places(), in, reader);
        if (options.failIfEmpty() && reader.documents().isEmpty()) {
            reader.refuse("no manifest in what was named (expected: documents with apiVersion and kind)");
        }
        Inspection inspection = new Inspection(options.cluster(), reader.kustomizations());
        LintResult result = inspection.of(reader);
        if (options.wantsFix()) {
            options.format().print(result, err, err);
            out.print(new Fixes(inspection).patch(reader.documents()));
        } else {
            options.format().print(result, out, err);
        }
        out.flush();
        return options.exitCode(result);
    }

    /** The command as the user called it. */
    private static String program() {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
            return "java -jar quarkus-run.jar";
        }
        return ProcessHandle.current()
                .info()
                .command()
                .map(command -> String.valueOf(Path.of(command).getFileName()))
                .orElse("lastcall");
    }
}

package dev.lastcall.lint;

import dev.lastcall.lint.manifest.UnreadableManifest;
import java.io.PrintStream;

/** A format of results. */
interface ResultFormat {
    /** Prints the findings, and what could not be read to {@code err} where the format has no place for it. */
    void print(LintResult result, PrintStream out, PrintStream err);

    static ResultFormat named(String name) throws UnreadableManifest {
        return switch (name) {
            case "text" -> new TextFormat();
            case "json" -> new JsonFormat();
            case "sarif" -> new SarifFormat();
            case "github" -> new GithubFormat();
            default -> throw new UnreadableManifest("--format=" + name + " (expected: text, json, sarif or github)");
        };
    }
}

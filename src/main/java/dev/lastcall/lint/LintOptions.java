package dev.lastcall.lint;

import dev.lastcall.lint.check.Severity;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The options and arguments of the command line.
 *
 * @param places files, directories, or {@code -}
 * @param failing the severities that exit code 1 is for
 */
record LintOptions(
        List<String> places, KubernetesVersion cluster, ResultFormat format, Set<Severity> failing, Set<Flag> flags) {

    /** Options without a value. */
    enum Flag {
        HELP("--help"),
        RULES("--rules"),
        FIX("--fix"),
        FAIL_IF_EMPTY("--fail-if-empty");

        private final String written;

        Flag(String written) {
            this.written = written;
        }
    }

    static LintOptions of(List<String> arguments) throws UnreadableManifest {
        Parser parser = new Parser();
        for (String argument : arguments) {
            parser.read(argument);
        }
        return parser.options();
    }

    boolean wantsHelp() {
        return flags.contains(Flag.HELP);
    }

    boolean wantsRules() {
        return flags.contains(Flag.RULES);
    }

    boolean wantsFix() {
        return flags.contains(Flag.FIX);
    }

    boolean failIfEmpty() {
        return flags.contains(Flag.FAIL_IF_EMPTY);
    }

    int exitCode(LintResult result) {
        if (!result.problems().isEmpty()) {
            return Lint.UNREADABLE;
        }
        return failing.stream().anyMatch(each -> result.count(each) > 0) ? Lint.FINDINGS : Lint.CLEAN;
    }

    /** Reads one argument after the other. */
    private static final class Parser {
        private final List<String> places = new ArrayList<>();
        private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
        private KubernetesVersion cluster = KubernetesVersion.RECENT;
        private ResultFormat format = new TextFormat();
        private Set<Severity> failing = EnumSet.of(Severity.ERROR);
        private String pending = "";
        private boolean literal;

        void read(String argument) throws UnreadableManifest {
            if (!pending.isEmpty()) {
                value(pending, argument);
                pending = "";
            } else if (literal || argument.equals("-") || !argument.startsWith("-")) {
                places.add(argument);
            } else if (argument.equals("--")) {
                literal = true;
            } else if (argument.contains("=")) {
                value(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
            } else if (argument.equals("--format") || argument.equals("--fail-on") || argument.equals("--kubernetes")) {
                pending = argument;
            } else {
                flag(argument.equals("-h") ? Flag.HELP.written : argument);
            }
        }

        private void flag(String argument) throws UnreadableManifest {
            for (Flag flag : Flag.values()) {
                if (flag.written.equals(argument)) {
                    flags.add(flag);
                    return;
                }
            }
            throw new UnreadableManifest(argument + " (expected: an option of lint)");
        }

        private void value(String option, String value) throws UnreadableManifest {
            switch (option) {
                case "--kubernetes" -> cluster = KubernetesVersion.parse(value);
                case "--format" -> format = ResultFormat.named(value);
                case "--fail-on" -> failing = failing(value);
                default -> throw new UnreadableManifest(option + "=" + value + " (expected: an option of lint)");
            }
        }

        private static Set<Severity> failing(String value) throws UnreadableManifest {
            return switch (value) {
                case "error" -> EnumSet.of(Severity.ERROR);
                case "warning" -> EnumSet.of(Severity.ERROR, Severity.WARNING);
                case "none" -> EnumSet.noneOf(Severity.class);
                default -> throw new UnreadableManifest("--fail-on=" + value + " (expected: error, warning or none)");
            };
        }

        LintOptions options() throws UnreadableManifest {
            if (!pending.isEmpty()) {
                throw new UnreadableManifest(pending + " (expected: a value behind it)");
            }
            if (places.isEmpty() && !flags.contains(Flag.HELP) && !flags.contains(Flag.RULES)) {
                throw new UnreadableManifest("nothing to lint (expected: a manifest or a directory with manifests)");
            }
            return new LintOptions(List.copyOf(places), cluster, format, failing, flags);
        }
    }
}

package dev.lastcall.lint;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PID 1 is a shell that keeps SIGTERM for itself. */
final class ShellAsFirstProcess implements Check {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash", "zsh", "ksh");

    /** As a command of its own: at the start of the script, or behind something that ends another command. */
    private static final Pattern EXEC = Pattern.compile("(^|[;&|\\n{(]|\\b(then|do|else)\\b)\\s*exec\\s+[^\\s<>0-9]");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.staysUp() && keepsSignals(each.words()))
                .map(each -> new Finding(
                        each.isLastcall() ? Severity.ERROR : Severity.WARNING,
                        workload.document(),
                        each.field().at(each.field().at("command").isPresent() ? "command" : "args"),
                        "the shell is PID 1 and does not pass SIGTERM on: the program is killed at the end of the grace period",
                        "start the program itself, or with exec"));
    }

    private static boolean keepsSignals(List<String> words) {
        if (words.size() < 2) {
            return false;
        }
        String first = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        if (!SHELLS.contains(first)) {
            return false;
        }
        int script = 1;
        while (script < words.size() && words.get(script).startsWith("-")) {
            script++;
        }
        boolean inline = words.subList(1, script).stream().anyMatch(option -> option.matches("-[a-z]*c[a-z]*"));
        // What a script file does cannot be seen from here.
        return inline
                && script < words.size()
                && !EXEC.matcher(words.get(script)).find();
    }
}

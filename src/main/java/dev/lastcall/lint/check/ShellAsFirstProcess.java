package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** PID 1 is a shell, or a package manager that uses one, and keeps SIGTERM for itself. */
final class ShellAsFirstProcess implements Check {
    private static final Set<String> PACKAGE_MANAGERS = Set.of("npm", "pnpm", "yarn", "npx");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.staysUp() && (each.isLastcall() || !workload.isJob()))
                .flatMap(each -> of(workload, each));
    }

    private static Stream<Finding> of(Workload workload, Container container) {
        List<String> words = container.words();
        Field command = container.field().at("command");
        String first =
                words.isEmpty() ? "" : words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
        Field place = command.isPresent() ? command : container.field().at("args");
        if (PACKAGE_MANAGERS.contains(first)) {
            return Stream.of(graded(
                    of(
                            workload,
                            container,
                            place,
                            first
                                    + " is PID 1 and runs the program through a shell, where SIGTERM may end: the program is killed at the end"
                                    + " of the grace period, or at once with " + first,
                            "start the program itself, as in node server.js"),
                    container));
        }
        Shell shell = Shell.of(words);
        if (shell.script().isEmpty() || !shell.stays(Images.shReplacesItself(container.image()))) {
            return Stream.empty();
        }
        // Of an image it is not known which shell its sh is.
        String guess = shell.stays(true) ? "" : "where sh is dash, as on Debian and Ubuntu, ";
        Finding finding = of(
                workload,
                container,
                place,
                guess
                        + "the shell is PID 1 and does not pass SIGTERM on: the program is killed at the end of the grace period",
                "start the program itself, or with exec");
        return Stream.of(graded(finding, container));
    }

    /** The image's own entrypoint may be an init that arguments are given to. */
    private static Finding graded(Finding finding, Container container) {
        return container.field().at("command").isPresent() || container.isLastcall()
                ? finding
                : finding.as(Severity.NOTE);
    }

    private static Finding of(Workload workload, Container container, Field place, String why, String mend) {
        return container.isLastcall()
                ? Finding.error(workload.document(), place, why, mend)
                : Finding.warning(workload.document(), place, why, mend);
    }
}

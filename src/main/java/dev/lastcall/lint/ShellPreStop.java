package dev.lastcall.lint;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A preStop that runs a program of the image: it fails where the image has no such program, and the drain's own needs none. */
final class ShellPreStop implements Check {
    private static final Pattern WITHOUT_SHELL =
            Pattern.compile("distroless|scratch|chainguard|cgr\\.dev|ubi[0-9]*-micro|chiseled|(^|[-/:])static([-:]|$)");

    private static final Set<String> SHELL_AND_TOOLS =
            Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "sleep", "curl", "wget", "busybox", "kill", "env");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.preStop().at("exec").isPresent())
                .flatMap(each -> of(workload, each));
    }

    private static Stream<Finding> of(Workload workload, Container container) {
        Field exec = container.preStop().at("exec");
        if (container.isLastcall()) {
            return Stream.of(Finding.error(
                    workload.document(),
                    exec,
                    "it needs a program in the image, and where there is none the hook fails and SIGTERM comes at once",
                    "use httpGet " + Container.PRE_STOP_PATH + " on port 9000"));
        }
        String program = container.preStop().at("exec", "command").items().stream()
                .findFirst()
                .map(Field::text)
                .orElse("");
        program = program.substring(program.lastIndexOf('/') + 1);
        if (!SHELL_AND_TOOLS.contains(program)
                || !WITHOUT_SHELL.matcher(container.image()).find()) {
            return Stream.empty();
        }
        return Stream.of(Finding.error(
                workload.document(),
                exec,
                "the image " + container.image() + " has no " + program + ": the hook fails and SIGTERM comes at once",
                "use an httpGet, or the kubelet's own preStop sleep"));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A preStop that runs a program of the image: it fails where the image has no such program, and the drain's own needs none. */
final class ShellPreStop implements Check {
    private static final Set<String> SHELL_AND_TOOLS =
            Set.of("sh", "bash", "ash", "dash", "zsh", "ksh", "sleep", "curl", "wget", "busybox", "kill", "env");

    private final KubernetesVersion cluster;

    ShellPreStop(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.preStop().at("exec").isPresent())
                .flatMap(each -> each.isLastcall() ? ours(workload, each) : foreign(workload, each));
    }

    private static Stream<Finding> ours(Workload workload, Container container) {
        return Stream.of(Finding.error(
                        workload.document(),
                        container.preStop().at("exec"),
                        "it needs a program in the image, and where there is none the hook fails and SIGTERM comes at once",
                        "use " + Mend.OUR_HOOK)
                .fixedBy(Mend.ourHook(workload, container)));
    }

    private Stream<Finding> foreign(Workload workload, Container container) {
        List<String> words = Hook.words(container);
        String first = words.isEmpty() ? "" : words.get(0);
        String program = first.substring(first.lastIndexOf('/') + 1);
        Images image = Images.of(container.image());
        if (image == Images.USUAL || !SHELL_AND_TOOLS.contains(program)) {
            return Stream.empty();
        }
        Field exec = container.preStop().at("exec");
        String then = ": the hook fails and SIGTERM comes at once";
        String mend = "use the kubelet's own preStop sleep, or an httpGet";
        Finding finding = image == Images.BARE
                ? Finding.error(
                        workload.document(), exec, "the image " + container.image() + " has no " + program + then, mend)
                : Finding.warning(
                        workload.document(),
                        exec,
                        "a guess by its name: the image " + container.image() + " has no " + program + then,
                        mend);
        Hook hook = Hook.of(container);
        return Stream.of(
                hook.kind() == Hook.Kind.SLEEPS && cluster.has(Mend.SLEEP_SINCE)
                        ? finding.fixedBy(Edit.set(
                                workload.document(), container.preStop(), Map.of("sleep", Map.of("seconds", (long)
                                        Math.ceil(hook.seconds())))))
                        : finding);
    }
}

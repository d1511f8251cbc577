package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A preStop that is over at once and has done nothing. */
final class PreStopIdle implements Check {
    private final KubernetesVersion cluster;

    PreStopIdle(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> Hook.of(each).kind() == Hook.Kind.IDLE)
                // Of ours an exec is said by ShellPreStop.
                .filter(each -> !(each.isLastcall() && each.preStop().at("exec").isPresent()))
                .map(each -> of(workload, each, all));
    }

    private Finding of(Workload workload, Container container, Manifests all) {
        String why = "the hook does nothing: SIGTERM comes at once, while nodes still send requests here";
        boolean ours = container.isLastcall() || (workload.isBehindSidecar(all) && !container.initial());
        if (ours) {
            return Finding.error(workload.document(), container.preStop(), why, "use " + Mend.OUR_HOOK)
                    .fixedBy(Mend.ourHook(workload, container));
        }
        Finding finding =
                Finding.warning(workload.document(), container.preStop(), why, Mend.hookAdvice(workload, cluster));
        return Mend.withSleep(finding, workload, container, cluster);
    }
}

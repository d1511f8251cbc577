package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** Finds containers without a preStop, to which SIGTERM comes while the endpoints are withdrawn. */
final class PreStopMissing implements Check {
    private final KubernetesVersion cluster;

    PreStopMissing(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> !each.preStop().isPresent() && !each.initial())
                .flatMap(each -> each.isLastcall() ? ours(workload, each, all) : foreign(workload, each, all));
    }

    private static Stream<Finding> ours(Workload workload, Container container, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all)
                && workload.applications().findAny().isPresent();
        if (!sidecar && workload.isJob()) {
            return Stream.empty();
        }
        Finding finding = sidecar
                ? Finding.error(
                        workload.document(),
                        container.preStop(),
                        "the sidecar gets SIGTERM while the application's preStop still waits for it, and cuts its drain to 2 s",
                        "give it a preStop of its own: " + Mend.OUR_HOOK)
                : Finding.warning(
                        workload.document(),
                        container.preStop(),
                        "the drain starts with SIGTERM alone, which a shell or an init in front of java may swallow",
                        "add preStop: " + Mend.OUR_HOOK);
        return Stream.of(finding.fixedBy(Mend.ourHook(workload, container)));
    }

    private Stream<Finding> foreign(Workload workload, Container container, Manifests all) {
        Traffic traffic = all.traffic(workload, container);
        if (workload.lastcall().isPresent() || traffic == Traffic.NONE || Rollout.isReplacedInPlace(workload, all)) {
            return Stream.empty();
        }
        boolean sure = traffic == Traffic.SURE;
        Finding finding = Finding.warning(
                workload.document(),
                container.preStop(),
                (sure ? "" : "if a Service selects it, ") + "SIGTERM comes while nodes still send requests here",
                Mend.hookAdvice(workload, cluster));
        Finding answered = Mend.withSleep(finding, workload, container, cluster);
        return Stream.of(sure ? answered : answered.as(Severity.NOTE));
    }
}

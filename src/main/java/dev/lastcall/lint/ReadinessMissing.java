package dev.lastcall.lint;

import java.util.stream.Stream;

/** Without readiness a pod gets requests before it has started, and a rollout goes on without waiting for it. */
final class ReadinessMissing implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> !each.probe("readiness").isPresent() && workload.serves(each))
                .filter(each -> each.isLastcall() || workload.lastcall().isEmpty())
                .map(each -> of(workload, each));
    }

    private static Finding of(Workload workload, Container container) {
        String why = "requests come before it can serve them, and an old pod goes before the new one is there";
        return container.isLastcall()
                ? Finding.error(
                        workload.document(),
                        container.probe("readiness"),
                        why,
                        "add httpGet /q/health/ready on port 9000")
                : Finding.warning(workload.document(), container.probe("readiness"), why, "add a readinessProbe");
    }
}

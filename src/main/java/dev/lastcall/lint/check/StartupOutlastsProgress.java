package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A Deployment that is reported as failed while its startup probe still waits. */
final class StartupOutlastsProgress implements Check {
    private static final long DEFAULT = 600;
    private static final long MARGIN = 60;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (!workload.document().kind().equals("Deployment")) {
            return Stream.empty();
        }
        Field place = workload.setting("progressDeadlineSeconds");
        long deadline = place.number().orElse(DEFAULT);
        return workload.containers().stream()
                .filter(each -> each.staysUp() && each.probe("startup").isPresent())
                .map(each -> Probe.of(each.probe("startup")).startLimit())
                .filter(limit -> limit > deadline)
                .map(limit -> Finding.warning(
                                workload.document(),
                                place,
                                "the rollout is reported as failed after " + deadline + " s, the startup probe waits "
                                        + limit + " s",
                                "progressDeadlineSeconds longer than the start may take")
                        .fixedBy(Edit.set(workload.document(), place, limit + MARGIN)));
    }
}

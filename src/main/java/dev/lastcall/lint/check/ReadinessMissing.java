package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.Map;
import java.util.stream.Stream;

/** Finds pods without readiness, which get requests before they have started and which no rollout waits for. */
final class ReadinessMissing implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> !each.probe("readiness").isPresent())
                .filter(each -> each.isLastcall() || workload.lastcall().isEmpty())
                .filter(each -> all.traffic(workload, each) != Traffic.NONE)
                .map(each -> of(workload, each, all.traffic(workload, each)));
    }

    private static Finding of(Workload workload, Container container, Traffic traffic) {
        Field place = container.probe("readiness");
        String why = "requests come before it can serve them, and an old pod goes before the new one is there";
        if (container.isLastcall()) {
            return Finding.error(workload.document(), place, why, "add httpGet /q/health/ready on port 9000")
                    .fixedBy(Edit.set(
                            workload.document(),
                            place,
                            Map.of("httpGet", Map.of("path", "/q/health/ready", "port", Container.MANAGEMENT_PORT))));
        }
        return traffic == Traffic.SURE
                ? Finding.warning(workload.document(), place, why, "add a readinessProbe")
                : Finding.note(workload.document(), place, "if a Service selects it, " + why, "add a readinessProbe");
    }
}

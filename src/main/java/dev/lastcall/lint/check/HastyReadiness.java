package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A readiness probe that one slow answer fails. In a rollout the new pod may be the only one left when it misses it, and then nobody serves;
 * what the quick answer is wanted for, a pod that ends, Kubernetes withdraws without any probe.
 */
final class HastyReadiness implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .map(each -> each.probe("readiness"))
                .filter(probe -> probe.at("failureThreshold").number().equals(OptionalLong.of(1)))
                .map(probe -> of(workload, probe));
    }

    private static Finding of(Workload workload, Field probe) {
        Field place = probe.at("failureThreshold");
        return Finding.warning(
                        workload.document(),
                        place,
                        "one answer slower than " + Probe.of(probe).verdict()
                                + " s takes the pod out, and in a rollout it may be the only one",
                        "failureThreshold 3; a pod that ends is withdrawn without a probe")
                .fixedBy(Edit.set(workload.document(), place, 3));
    }
}

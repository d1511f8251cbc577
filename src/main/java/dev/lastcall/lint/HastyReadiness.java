package dev.lastcall.lint;

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
                .map(probe -> Finding.warning(
                        workload.document(),
                        probe.at("failureThreshold"),
                        "one slow answer takes the pod out, and in a rollout it may be the only one",
                        "failureThreshold 3; a pod that ends is withdrawn without a probe"));
    }
}

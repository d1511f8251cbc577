package dev.lastcall.lint;

import java.util.stream.Stream;

/** A rollout in which the pods that are left carry the load of those that went before their successors were ready. */
final class PodsUnavailable implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return Rollout.of(workload, all).stream()
                .filter(rollout -> !rollout.leavesNone() && rollout.unavailable() > 0)
                .map(rollout -> Finding.warning(
                        workload.document(),
                        Rollout.maxUnavailable(workload),
                        "of " + rollout.replicas() + " pods " + rollout.unavailable()
                                + " may go before a new one is ready: the others carry their load meanwhile",
                        "maxUnavailable 0 and maxSurge 1"));
    }
}

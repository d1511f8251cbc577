package dev.lastcall.lint;

import java.util.stream.Stream;

/** A rollout in which for a while nobody serves: Recreate, or as many pods allowed to go as there are. */
final class NoneAvailable implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return Rollout.of(workload, all).stream()
                .filter(Rollout::leavesNone)
                .map(rollout -> Finding.error(
                        workload.document(),
                        rollout.recreates() ? Rollout.type(workload) : Rollout.maxUnavailable(workload),
                        (rollout.recreates()
                                        ? "Recreate ends every pod before the first new one starts"
                                        : "of " + rollout.replicas() + " pod(s) " + rollout.unavailable()
                                                + " may go before a new one is ready")
                                + ": nobody serves meanwhile",
                        "RollingUpdate with maxUnavailable 0 and maxSurge 1"));
    }
}

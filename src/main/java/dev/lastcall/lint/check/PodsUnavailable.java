package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A rollout in which more pods may be missing than by default: the others carry their load meanwhile. */
final class PodsUnavailable implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return Rollout.of(workload, all).stream()
                .filter(rollout -> !rollout.leavesNone() && rollout.isBold())
                .filter(rollout -> all.traffic(workload) != Traffic.NONE)
                .map(rollout -> of(workload, rollout));
    }

    private static Finding of(Workload workload, Rollout rollout) {
        String why = "of " + rollout.replicas() + " pods " + rollout.unavailable()
                + " may go before a new one is ready: the others carry their load meanwhile";
        if (Rollout.forbidsSurge(workload)) {
            return Finding.warning(
                    workload.document(), Rollout.maxUnavailable(workload), why, "maxUnavailable 1 or less");
        }
        return Finding.warning(
                        workload.document(), Rollout.maxUnavailable(workload), why, "maxUnavailable 0 and maxSurge 1")
                .fixedBy(
                        Edit.set(workload.document(), Rollout.maxUnavailable(workload), 0),
                        Edit.set(workload.document(), Rollout.rolling(workload).at("maxSurge"), 1));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One pod that serves: its node's drain or its crash leaves nobody. Where only one may run, it is meant that way. */
final class SingleReplica implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean single = all.replicas(workload).equals(OptionalLong.of(1));
        boolean meant = workload.isStatefulSet()
                || Rollout.type(workload).is("Recreate")
                || Rollout.forbidsSurge(workload)
                // What leaves nobody in every rollout is said by NoneAvailable.
                || Rollout.of(workload, all).map(Rollout::leavesNone).orElse(true);
        if (!single || meant || all.traffic(workload) != Traffic.SURE) {
            return Stream.empty();
        }
        Optional<Document> autoscaler = all.autoscaler(workload);
        Document document = autoscaler.orElse(workload.document());
        Field place = autoscaler.map(Manifests::minimum).orElse(workload.setting("replicas"));
        return Stream.of(Finding.note(
                document,
                place,
                "one pod serves: the drain of its node, or its crash, leaves nobody until the next is ready",
                "2, and a PodDisruptionBudget with maxUnavailable 1"));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Several pods that serve without a PodDisruptionBudget: the drains of several nodes may end them all at once. */
final class EvictionUnbounded implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        OptionalLong replicas = all.replicas(workload);
        boolean several = replicas.isPresent() && replicas.getAsLong() > 1;
        // Where the Service is not among the files, the budget need not be either.
        boolean whole = !all.services(workload).isEmpty();
        return several && whole && all.budgets(workload).isEmpty() && all.traffic(workload) == Traffic.SURE
                ? Stream.of(Finding.note(
                        workload.document(),
                        workload.setting("replicas"),
                        "no PodDisruptionBudget selects these pods: drains of nodes may end them all at once",
                        "add one with maxUnavailable 1"))
                : Stream.empty();
    }
}

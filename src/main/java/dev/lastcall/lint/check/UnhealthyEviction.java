package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import java.util.stream.Stream;

/** A PodDisruptionBudget that also protects pods which never became ready: a broken rollout blocks the drain of nodes. */
final class UnhealthyEviction implements Check {
    /** The minor version since which the policy is on by default. */
    static final int SINCE = 27;

    private final KubernetesVersion cluster;

    UnhealthyEviction(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        Field policy = object.root().at("spec", "unhealthyPodEvictionPolicy");
        return !object.kind().equals("PodDisruptionBudget") || policy.is("AlwaysAllow") || !cluster.has(SINCE)
                ? Stream.empty()
                : Stream.of(Finding.note(
                                object,
                                policy,
                                "pods that are not ready are protected too: a rollout that fails keeps nodes from being drained",
                                "unhealthyPodEvictionPolicy: AlwaysAllow")
                        .fixedBy(Edit.set(object, policy, "AlwaysAllow")));
    }
}

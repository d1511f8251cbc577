package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A PodDisruptionBudget that never yields: the drain of a node waits for ever, or is forced and ends everything at once. */
final class EvictionBlocked implements Check {
    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        if (!object.kind().equals("PodDisruptionBudget")) {
            return Stream.empty();
        }
        Field most = object.root().at("spec", "maxUnavailable");
        Field least = object.root().at("spec", "minAvailable");
        if (most.is("0") || most.is("0%")) {
            return Stream.of(of(object, most, least, "no pod may ever be evicted"));
        }
        OptionalLong pods = pods(object, all);
        boolean every = Rollout.isEveryPod(least);
        boolean nothingLeft = pods.isPresent()
                && pods.getAsLong() > 0
                && Rollout.pods(least.text(), pods.getAsLong(), true) >= pods.getAsLong();
        return least.isPresent() && (every || nothingLeft)
                ? Stream.of(of(
                        object,
                        most,
                        least,
                        pods.isPresent()
                                ? "of " + pods.getAsLong() + " pod(s) " + least.text()
                                        + " must stay: none may ever be evicted"
                                : "all pods must stay: none may ever be evicted"))
                : Stream.empty();
    }

    private static Finding of(Document object, Field most, Field least, String why) {
        return Finding.warning(
                        object,
                        most.isPresent() ? most : least,
                        why + ", and the drain of a node waits for ever",
                        "maxUnavailable: 1")
                .fixedBy(Edit.remove(object, least), Edit.set(object, most, 1));
    }

    /** Returns the number of pods of all workloads of the budget; empty where one of them is unknown. */
    private static OptionalLong pods(Document budget, Manifests all) {
        long sum = 0;
        for (Workload each : all.targets(budget)) {
            OptionalLong replicas = all.replicas(each);
            if (replicas.isEmpty()) {
                return OptionalLong.empty();
            }
            sum += replicas.getAsLong();
        }
        return all.targets(budget).isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }
}

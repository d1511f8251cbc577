package dev.lastcall.lint;

import dev.lastcall.lint.check.Checks;
import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Kustomizations;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the checks on the objects. */
final class Inspection {
    /** Kinds whose pods lint knows, so that one without is a piece of one. */
    private static final Set<String> PODS = Set.of(
            "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod");

    private final Checks checks;

    private final Kustomizations kustomizations;

    Inspection(KubernetesVersion cluster, Kustomizations kustomizations) {
        this.checks = new Checks(cluster);
        this.kustomizations = kustomizations;
    }

    LintResult of(ManifestReader reader) {
        Manifests all = new Manifests(reader.documents(), kustomizations);
        return new LintResult(
                LintResult.causes(checks.findings(all)),
                timelines(all),
                reader.skipped(),
                unknown(all),
                reader.problems(),
                all.workloads().size(),
                all.documents().size());
    }

    List<Checks.Ruled> findings(List<Document> documents) {
        return checks.findings(new Manifests(documents, kustomizations));
    }

    private static List<String> timelines(Manifests all) {
        List<String> lines = new ArrayList<>();
        for (Workload workload : all.workloads()) {
            workload.stages(all).ifPresent(stages -> {
                Document document = workload.document();
                lines.add(Escaped.file(document.file()) + ": " + Escaped.line(document.label())
                        + ", the latest instants of its drain in seconds:");
                lines.addAll(BudgetArithmetic.of(stages, workload.graceSeconds()));
                workload.containers().forEach(each -> livenessBudget(each, workload, lines));
            });
        }
        return lines;
    }

    private static void livenessBudget(Container container, Workload workload, List<String> lines) {
        Field own = container.probe("liveness").at("terminationGracePeriodSeconds");
        if (own.number().isPresent()) {
            lines.add("  after a failed liveness of " + Escaped.line(container.name()) + ": SIGKILL at T+"
                    + own.number().getAsLong() + " instead of T+" + workload.graceSeconds());
        }
    }

    private static LintResult.Unknown unknown(Manifests all) {
        Set<Document> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        all.workloads().forEach(each -> seen.add(each.document()));
        Map<String, List<Document>> kinds = new LinkedHashMap<>();
        int number = 0;
        for (Document each : all.documents()) {
            boolean known = seen.contains(each) || !all.targets(each).isEmpty();
            if (!known && (PODS.contains(each.kind()) || !each.isBuiltIn())) {
                kinds.computeIfAbsent(each.kind(), kind -> new ArrayList<>()).add(each);
                number++;
            }
        }
        List<String> words = kinds.values().stream().map(Inspection::word).toList();
        return new LintResult.Unknown(words, number);
    }

    private static String word(List<Document> ofOneKind) {
        Document first = ofOneKind.get(0);
        String more = ofOneKind.size() == 1 ? "" : " and " + (ofOneKind.size() - 1) + " more";
        String why = PODS.contains(first.kind()) ? "no container with an image, a patch?" : "no pod template in it";
        return Escaped.file(first.file()) + ":" + first.root().line() + ": not linted: " + Escaped.line(first.label())
                + more + ", " + why;
    }
}

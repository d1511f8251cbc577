package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** Finds rollouts with a time without any serving pod: Recreate, or as many unavailable pods allowed as there are. */
final class NoneAvailable implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (workload.isDaemonSet()) {
            return ofDaemons(workload, all);
        }
        return Rollout.of(workload, all).stream()
                .filter(Rollout::leavesNone)
                .flatMap(rollout -> of(workload, rollout, all.traffic(workload)));
    }

    private static Stream<Finding> of(Workload workload, Rollout rollout, Traffic traffic) {
        if (rollout.recreates()) {
            // A decision, made where two at once would be worse than none. What it costs is said where a Service would
            // notice.
            return traffic != Traffic.SURE
                    ? Stream.empty()
                    : Stream.of(Finding.warning(
                            workload.document(),
                            Rollout.type(workload),
                            "Recreate ends every pod before the first new one starts: the Service has nobody to send to meanwhile",
                            "plan the gap, with clients that try again; keep it where two pods at once would do harm"));
        }
        if (traffic == Traffic.NONE) {
            return Stream.empty();
        }
        Field rolling = Rollout.rolling(workload);
        String why = "of " + rollout.replicas() + " pod(s) " + rollout.unavailable()
                + " may go before a new one is ready: nobody serves meanwhile";
        if (Rollout.forbidsSurge(workload)) {
            return Stream.of(Finding.warning(
                    workload.document(),
                    Rollout.maxUnavailable(workload),
                    why,
                    "plan the gap; a second pod beside the first would need its volume or its node's port too"));
        }
        Finding finding = Finding.error(
                        workload.document(),
                        Rollout.maxUnavailable(workload),
                        why,
                        "RollingUpdate with maxUnavailable 0 and maxSurge 1")
                .fixedBy(
                        Edit.set(workload.document(), rolling.at("maxUnavailable"), 0),
                        Edit.set(workload.document(), rolling.at("maxSurge"), 1));
        return Stream.of(traffic == Traffic.SURE ? finding : finding.as(Severity.WARNING));
    }

    private static Stream<Finding> ofDaemons(Workload workload, Manifests all) {
        Field place = Rollout.maxUnavailable(workload);
        boolean every = Rollout.isEveryPod(place);
        return !every || all.traffic(workload) == Traffic.NONE
                ? Stream.empty()
                : Stream.of(Finding.warning(
                                workload.document(),
                                place,
                                "the pods of all nodes may go at once: nobody serves meanwhile",
                                "maxUnavailable 1")
                        .fixedBy(Edit.set(workload.document(), place, 1)));
    }
}

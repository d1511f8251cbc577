package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.Traffic;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The kubelet kills before the stages are over, or before any program could end; or the service's own numbers do not fit. */
final class GraceTooShort implements Check {
    /** Less than this ends nothing in order. */
    private static final long TINY = 3;

    /** The least time between the lame duck and the cancellation in a suggested budget. */
    private static final long WORK = 5;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Optional<Stages> stages = workload.stages(all);
        if (stages.isPresent()) {
            return ofDrain(workload, stages.get(), all);
        }
        return workload.graceSeconds() < TINY ? tiny(workload, all) : Stream.empty();
    }

    private static Stream<Finding> ofDrain(Workload workload, Stages stages, Manifests all) {
        Duration kill = Duration.ofSeconds(workload.graceSeconds());
        if (!isShort(stages, kill)) {
            return Stream.empty();
        }
        Duration shorter = shorter(stages, kill);
        String what = shorter.equals(kill) ? "the kubelet kills after " : Stages.GRACE + " is ";
        Finding finding = Finding.error(
                workload.document(),
                workload.gracePeriod(),
                what + WrittenDuration.seconds(shorter) + ", the stages need more than " + stages.arithmetic(),
                "raise it and " + Stages.GRACE + " together, or shorten a stage");
        long enough = Math.max(
                Workload.DEFAULT_GRACE, Math.max(kill.toSeconds(), stages.need().toSeconds() + 1 + WORK));
        return Stream.of(Mend.setting(workload, all, Stages.GRACE, enough + "s")
                .map(edit -> finding.fixedBy(Edit.set(workload.document(), workload.gracePeriod(), enough), edit))
                .orElse(finding));
    }

    private static Stream<Finding> tiny(Workload workload, Manifests all) {
        Field place = workload.gracePeriod();
        boolean hooked = workload.containers().stream().map(Container::preStop).anyMatch(Field::isPresent);
        String seconds = place.text();
        String why = workload.graceSeconds() == 0
                ? "0 forces the deletion: the API server forgets the pod at once, and its containers get some 2 s, their hooks included"
                : "the kubelet kills " + seconds + " s after the deletion, whatever the program is doing";
        boolean used = workload.isStatefulSet() || all.traffic(workload) != Traffic.NONE;
        Finding finding = Finding.note(
                        workload.document(), place, why, "leave it out (30 s), or as long as the program takes to end")
                .fixedBy(Edit.set(workload.document(), place, Workload.DEFAULT_GRACE));
        if (hooked && workload.graceSeconds() == 0 && all.traffic(workload) == Traffic.SURE) {
            return Stream.of(finding.as(Severity.ERROR));
        }
        return Stream.of(hooked || used ? finding.as(Severity.WARNING) : finding);
    }

    /** Whether the shorter of the two budgets is too short for the stages. */
    static boolean isShort(Stages stages, Duration kill) {
        return shorter(stages, kill).compareTo(stages.need()) <= 0;
    }

    private static Duration shorter(Stages stages, Duration kill) {
        return kill.compareTo(stages.grace()) < 0 ? kill : stages.grace();
    }
}

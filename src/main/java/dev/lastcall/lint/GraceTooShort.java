package dev.lastcall.lint;

import java.time.Duration;
import java.util.stream.Stream;

/** The kubelet kills before the stages are over, or the service refuses to start because its own numbers do not fit. */
final class GraceTooShort implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return Stages.of(workload, all).stream().flatMap(stages -> of(workload, stages));
    }

    private static Stream<Finding> of(Workload workload, Stages stages) {
        Duration kill = Duration.ofSeconds(workload.graceSeconds());
        if (!isShort(stages, kill)) {
            return Stream.empty();
        }
        Duration shorter = shorter(stages, kill);
        String what = shorter.equals(kill) ? "the kubelet kills after " : Stages.GRACE + " is ";
        return Stream.of(Finding.error(
                workload.document(),
                workload.gracePeriod(),
                what + WrittenDuration.seconds(shorter) + ", the stages need more than " + stages.arithmetic(),
                "raise it and " + Stages.GRACE + " together, or shorten a stage"));
    }

    /** Whether the shorter of the two budgets is too short for the stages. */
    static boolean isShort(Stages stages, Duration kill) {
        return shorter(stages, kill).compareTo(stages.need()) <= 0;
    }

    private static Duration shorter(Stages stages, Duration kill) {
        return kill.compareTo(stages.grace()) < 0 ? kill : stages.grace();
    }
}

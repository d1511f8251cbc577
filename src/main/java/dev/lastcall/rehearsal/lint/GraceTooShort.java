package dev.lastcall.rehearsal.lint;

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
        Duration shorter = kill.compareTo(stages.grace()) < 0 ? kill : stages.grace();
        if (shorter.compareTo(stages.need()) > 0) {
            return Stream.empty();
        }
        String what = shorter.equals(kill) ? "the kubelet kills after " : Stages.GRACE + " is ";
        return Stream.of(Finding.error(
                workload.document(),
                workload.gracePeriod(),
                what + WrittenDuration.seconds(shorter) + ", the stages need more than " + stages.arithmetic(),
                "raise it and " + Stages.GRACE + " together, or shorten a stage"));
    }
}

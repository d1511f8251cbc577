package dev.lastcall.lint;

import java.util.stream.Stream;

/** A liveness probe that ends a pod sooner than a drain would. */
final class HastyLiveness implements Check {
    /** A pause for garbage or a full node is shorter. */
    private static final long PATIENT = 10;

    private static final long DEFAULT_PERIOD = 10;
    private static final long DEFAULT_FAILURES = 3;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.staysUp() && each.probe("liveness").isPresent())
                .flatMap(each -> Stream.concat(
                        shortGrace(workload, each.probe("liveness")), impatient(workload, each.probe("liveness"))));
    }

    /** A probe may bring a grace period of its own, which then is the budget of the drain it starts. */
    private static Stream<Finding> shortGrace(Workload workload, Field probe) {
        Field own = probe.at("terminationGracePeriodSeconds");
        return own.number().orElse(Long.MAX_VALUE) >= workload.graceSeconds()
                ? Stream.empty()
                : Stream.of(Finding.error(
                        workload.document(),
                        own,
                        "a failed liveness kills after " + own.text() + " s, the drain counts on "
                                + workload.graceSeconds() + " s",
                        "leave it out"));
    }

    private static Stream<Finding> impatient(Workload workload, Field probe) {
        long period = probe.at("periodSeconds").number().orElse(DEFAULT_PERIOD);
        long failures = probe.at("failureThreshold").number().orElse(DEFAULT_FAILURES);
        return period * failures >= PATIENT
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        workload.document(),
                        probe,
                        "periodSeconds " + period + " x failureThreshold " + failures + " = " + period * failures
                                + " s: one pause of that length ends a pod with all that is in flight",
                        "let it take " + PATIENT + " s or more"));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/**
 * A liveness probe that one pause fails: garbage collection, a full node, a slow answer. Its own {@code terminationGracePeriodSeconds} is no
 * fault: it is the budget after a failed liveness, and the pod's own stays the one of a deletion.
 */
final class HastyLiveness implements Check {
    private static final long PATIENT = 5;

    /** A JVM on a full node. */
    private static final long OURS = 20;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.staysUp() && each.probe("liveness").isPresent())
                .filter(each -> Probe.of(each.probe("liveness")).verdict() < patience(each))
                .map(each -> of(workload, each));
    }

    private static long patience(Container container) {
        return container.isLastcall() ? OURS : PATIENT;
    }

    private static Finding of(Workload workload, Container container) {
        Field place = container.probe("liveness");
        Probe probe = Probe.of(place);
        Finding finding = Finding.warning(
                        workload.document(),
                        place,
                        "time to kill " + probe.arithmetic()
                                + ": one pause of that length ends the container with all that is in flight",
                        "let it take " + patience(container) + " s or more")
                .fixedBy(Edit.set(
                        workload.document(),
                        place.at("failureThreshold"),
                        Math.max(3, probe.failuresFor(patience(container)))));
        return isMeant(container) ? finding.as(Severity.NOTE) : finding;
    }

    /**
     * Kubernetes' own examples restart after one failure, behind a startup probe or with a grace period of its own: whoever writes one of
     * these has thought of the restart. Of ours it is known what a pause costs.
     */
    private static boolean isMeant(Container container) {
        return !container.isLastcall()
                && (container.probe("startup").isPresent()
                        || container
                                .probe("liveness")
                                .at("terminationGracePeriodSeconds")
                                .isPresent());
    }
}

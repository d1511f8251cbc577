package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A startup probe that gives up before a start on a full node is over: the container is killed, and starts again on a node that is fuller. */
final class HastyStartup implements Check {
    private static final long PATIENT = 10;

    /** A JVM that starts in 4 s alone took 26 s at a load of 20, and was killed at 60 s on a node with more. */
    private static final long OURS = 120;

    private static final long ENOUGH = 180;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.staysUp() && each.probe("startup").isPresent())
                .filter(each -> Probe.of(each.probe("startup")).startLimit() < patience(each))
                .map(each -> of(workload, each));
    }

    private static long patience(Container container) {
        return container.isLastcall() ? OURS : PATIENT;
    }

    private static Finding of(Workload workload, Container container) {
        Field place = container.probe("startup");
        Probe probe = Probe.of(place);
        long enough = container.isLastcall() ? ENOUGH : 6 * PATIENT;
        return Finding.warning(
                        workload.document(),
                        place,
                        "time to kill initialDelaySeconds " + probe.initialDelay() + " + " + probe.arithmetic()
                                + ", in all " + probe.startLimit()
                                + " s: a start on a full node takes longer, and is begun again",
                        "let it take " + enough + " s; a start that is over ends the waiting")
                .fixedBy(Edit.set(workload.document(), place.at("failureThreshold"), probe.failuresFor(enough)));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.Set;
import java.util.stream.Stream;

/** Finds stop signals by which a program cannot end in order. */
final class StopSignal implements Check {
    /** The signals that start Lastcall's drain. */
    private static final Set<String> OURS = Set.of("SIGTERM", "SIGINT");

    /** Known to the API since then, and up to now switched off where nobody asks for it. */
    private static final int SINCE = 33;

    private final KubernetesVersion cluster;

    StopSignal(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream().flatMap(each -> of(workload, each));
    }

    private Stream<Finding> of(Workload workload, Container container) {
        Field signal = container.field().at("lifecycle", "stopSignal");
        if (!signal.isPresent()) {
            return Stream.empty();
        }
        String why;
        if (signal.is("SIGKILL") || signal.is("SIGSTOP")) {
            why = signal.text() + " cannot be caught: the program never learns that it ends";
        } else if (container.isLastcall() && !OURS.contains(signal.text())) {
            why = signal.text() + " starts no drain";
        } else {
            return cluster.has(SINCE) ? ofGate(workload, signal) : Stream.empty();
        }
        return Stream.of(Finding.error(workload.document(), signal, why, "leave it out, SIGTERM is the default")
                .fixedBy(Edit.remove(workload.document(), signal)));
    }

    /** Finds whether the cluster refuses or drops a signal that is a good one; FieldUnsupported reports the field on an older cluster. */
    private static Stream<Finding> ofGate(Workload workload, Field signal) {
        if (!workload.spec().at("os", "name").isPresent()) {
            return Stream.of(Finding.error(
                    workload.document(),
                    signal,
                    "a stopSignal without the pod's os.name is refused by the API server",
                    "add os: {name: linux} beside the containers"));
        }
        if (signal.is("SIGTERM")) {
            return Stream.empty();
        }
        return Stream.of(Finding.warning(
                workload.document(),
                signal,
                "where the feature gate ContainerStopSignals is off, as it is by default, the field is dropped: the image's own signal"
                        + " comes, or SIGTERM",
                "STOPSIGNAL in the image, or the gate at the API server and the nodes"));
    }
}

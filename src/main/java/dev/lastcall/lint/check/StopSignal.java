package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.Set;
import java.util.stream.Stream;

/** Finds stop signals by which a program cannot end in order. */
final class StopSignal implements Check {
    /** The signals that start Lastcall's drain. */
    private static final Set<String> OURS = Set.of("SIGTERM", "SIGINT");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream().flatMap(each -> of(workload, each));
    }

    private static Stream<Finding> of(Workload workload, Container container) {
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
            return Stream.empty();
        }
        return Stream.of(Finding.error(workload.document(), signal, why, "leave it out, SIGTERM is the default")
                .fixedBy(Edit.remove(workload.document(), signal)));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** Lastcall among the init containers without being a sidecar: the pod waits for its end before it starts the application. */
final class SidecarNeverEnds implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.initial() && each.isLastcall() && !each.isNativeSidecar() && !isLint(each))
                .map(each -> Finding.error(
                                workload.document(),
                                each.field().at("restartPolicy"),
                                "an init container that does not end keeps the application from starting",
                                "restartPolicy: Always, on Kubernetes 1.29 and later")
                        .fixedBy(Edit.set(workload.document(), each.field().at("restartPolicy"), "Always")));
    }

    /** A command of the same image, which ends. */
    private static boolean isLint(Container container) {
        return container.words().contains("lint");
    }
}

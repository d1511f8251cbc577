package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A native sidecar for a cluster that has none: there it is an init container that never ends. */
final class SidecarUnsupported implements Check {
    /** The minor version since which native sidecars are on by default. */
    private static final int SINCE = 29;

    private final KubernetesVersion cluster;

    SidecarUnsupported(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (cluster.has(SINCE)) {
            return Stream.empty();
        }
        return workload.containers().stream()
                .filter(Container::isNativeSidecar)
                .map(each -> Finding.error(
                        workload.document(),
                        each.field().at("restartPolicy"),
                        "Kubernetes " + cluster + " knows no native sidecars: the application never starts",
                        "make it a container like the others, as in k8s/overlays/sidecar-classic"));
    }
}

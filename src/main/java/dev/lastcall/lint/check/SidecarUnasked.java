package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** Finds applications beside the sidecar that get SIGTERM while their traffic goes on. */
final class SidecarUnasked implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (!workload.isBehindSidecar(all)) {
            return Stream.empty();
        }
        return workload.applications()
                .filter(each -> !each.preStop().isPresent())
                .map(each -> Finding.error(
                                workload.document(),
                                each.preStop(),
                                "it gets SIGTERM at once, while the sidecar still sends it requests",
                                "add preStop: " + Mend.OUR_HOOK)
                        .fixedBy(Mend.ourHook(workload, each)));
    }
}

package dev.lastcall.lint;

import java.util.stream.Stream;

/** An application beside the sidecar that is told to end while its traffic goes on. */
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
                        "add preStop: httpGet " + Container.PRE_STOP_PATH + " on port 9000"));
    }
}

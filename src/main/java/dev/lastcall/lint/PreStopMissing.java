package dev.lastcall.lint;

import java.util.stream.Stream;

/** Nothing holds SIGTERM back while the endpoints are withdrawn. */
final class PreStopMissing implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream()
                .filter(each -> !each.preStop().isPresent() && !each.initial() && workload.serves(each))
                .filter(each -> each.isLastcall() || workload.lastcall().isEmpty())
                .map(each -> of(workload, each, sidecar));
    }

    private static Finding of(Workload workload, Container container, boolean sidecar) {
        Field place = container.preStop();
        if (sidecar && workload.applications().findAny().isPresent()) {
            return Finding.error(
                    workload.document(),
                    place,
                    "the sidecar gets SIGTERM while the application's preStop still waits for it, and cuts its drain to 2 s",
                    "give it a preStop of its own: httpGet " + Container.PRE_STOP_PATH + " on port 9000");
        }
        if (container.isLastcall()) {
            return Finding.warning(
                    workload.document(),
                    place,
                    "the drain starts with SIGTERM alone, which a shell or an init in front of java may swallow",
                    "add preStop: httpGet " + Container.PRE_STOP_PATH + " on port 9000");
        }
        return Finding.warning(
                workload.document(),
                place,
                "SIGTERM comes while nodes still send requests here",
                "put Lastcall beside it and let its preStop ask the sidecar");
    }
}

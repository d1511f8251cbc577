package dev.lastcall.lint;

import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A liveness probe that fails in a drain: the restart cuts what the drain waits for. */
final class LivenessInDrain implements Check {
    private static final Set<String> DRAIN_DEPENDENT = Set.of("/q/health", "/q/health/", "/q/health/ready");

    /** The sidecar's own port, behind which the application is refused in a drain. */
    private static final long SIDECAR_PORT = 8080;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream()
                .filter(each -> each.probe("liveness").isPresent())
                .flatMap(each -> of(workload, each, sidecar));
    }

    private static Stream<Finding> of(Workload workload, Container container, boolean sidecar) {
        Field get = container.probe("liveness").at("httpGet");
        if (container.isLastcall()) {
            return DRAIN_DEPENDENT.contains(get.at("path").text())
                    ? Stream.of(Finding.error(
                            workload.document(),
                            get.at("path"),
                            get.at("path").text()
                                    + " is down in a drain, and the restart cuts what the drain waits for",
                            "use /q/health/live"))
                    : Stream.empty();
        }
        OptionalLong port = container.port(get.at("port"));
        if (sidecar && port.equals(OptionalLong.of(SIDECAR_PORT)) && !container.exposes(SIDECAR_PORT)) {
            return Stream.of(Finding.error(
                    workload.document(),
                    get.at("port"),
                    "it asks through the sidecar, which refuses in a drain: the restart cuts what the drain waits for",
                    "ask the application's own port"));
        }
        Field readiness = container.probe("readiness").at("httpGet");
        boolean same = get.isPresent()
                && readiness.isPresent()
                && get.at("path").is(readiness.at("path").text())
                && port.equals(container.port(readiness.at("port")));
        return same
                ? Stream.of(Finding.warning(
                        workload.document(),
                        get.at("path"),
                        "liveness asks what readiness asks: a pod that only wants no more requests is restarted",
                        "give liveness a path that stays up while the program ends"))
                : Stream.empty();
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A liveness probe that fails in a drain which is no deletion ({@code POST /drain}): the restart cuts what the drain waits for. For a pod that
 * is being deleted the kubelet probes liveness no more.
 */
final class LivenessInDrain implements Check {
    private static final Pattern END_OF_A_PATH = Pattern.compile("/*([?#].*)?$");

    private static final Set<String> DRAIN_DEPENDENT = Set.of("/q/health", "/q/health/ready");

    /** The sidecar's own port, behind which the application is refused in a drain. */
    private static final long SIDECAR_PORT = 8080;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream()
                .filter(each -> each.probe("liveness").isPresent())
                .flatMap(each -> each.isLastcall() ? ours(workload, each) : foreign(workload, each, sidecar));
    }

    private static Stream<Finding> ours(Workload workload, Container container) {
        Field path = container.probe("liveness").at("httpGet", "path");
        return DRAIN_DEPENDENT.contains(bare(path.text()))
                ? Stream.of(Finding.error(
                                workload.document(),
                                path,
                                path.text() + " is down in a drain, and the restart cuts what the drain waits for",
                                "use /q/health/live")
                        .fixedBy(Edit.set(workload.document(), path, "/q/health/live")))
                : Stream.empty();
    }

    static String bare(String path) {
        String bare = END_OF_A_PATH.matcher(path).replaceFirst("");
        return bare.startsWith("/") ? bare : "/" + bare;
    }

    private static Stream<Finding> foreign(Workload workload, Container container, boolean sidecar) {
        Field get = container.probe("liveness").at("httpGet");
        OptionalLong port = container.port(get.at("port"));
        if (sidecar && port.equals(OptionalLong.of(SIDECAR_PORT)) && !container.exposes(SIDECAR_PORT)) {
            return Stream.of(Finding.error(
                    workload.document(),
                    get.at("port"),
                    "it asks through the sidecar, which refuses in a drain: the restart cuts what the drain waits for",
                    "ask the application's own port"));
        }
        return isImpatient(container, get, port) ? Stream.of(impatient(workload, container)) : Stream.empty();
    }

    /** Whether liveness asks readiness' endpoint and waits less. One endpoint for both is the documented pattern, where liveness waits longer. */
    private static boolean isImpatient(Container container, Field get, OptionalLong port) {
        Field readiness = container.probe("readiness").at("httpGet");
        return get.isPresent()
                && readiness.isPresent()
                && bare(get.at("path").text()).equals(bare(readiness.at("path").text()))
                && port.equals(container.port(readiness.at("port")))
                && Probe.of(container.probe("liveness")).verdict()
                        < Probe.of(container.probe("readiness")).verdict();
    }

    private static Finding impatient(Workload workload, Container container) {
        Field place = container.probe("liveness");
        long readiness = Probe.of(container.probe("readiness")).verdict();
        Probe liveness = Probe.of(place);
        return Finding.warning(
                        workload.document(),
                        place,
                        "it asks what readiness asks and is less patient (" + liveness.verdict() + " s, readiness "
                                + readiness + " s): a pod that only wants no more requests is restarted",
                        "let readiness fail first, or give liveness an endpoint of its own")
                .fixedBy(Edit.set(
                        workload.document(), place.at("failureThreshold"), liveness.failuresFor(readiness + 1)));
    }
}

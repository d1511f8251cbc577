package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A preStop beside Lastcall that asks something other than the drain. */
final class PreStopElsewhere implements Check {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (workload.lastcall().isEmpty()) {
            return Stream.empty();
        }
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream()
                .filter(each -> each.isLastcall() || (sidecar && !each.initial()))
                .filter(each -> each.preStop().at("httpGet").isPresent())
                .flatMap(each -> of(workload, each));
    }

    private static Stream<Finding> of(Workload workload, Container container) {
        Field get = container.preStop().at("httpGet");
        Field path = get.at("path");
        if (!Container.isPreStopPath(path.text())) {
            return wrong(workload, container, path, "asks " + written(path) + ", which starts no drain");
        }
        Field port = get.at("port");
        OptionalLong number = container.port(port);
        if (number.isEmpty()) {
            return wrong(
                    workload,
                    container,
                    port,
                    "names the port " + written(port) + ", which is none of this container's, and fails");
        }
        if (number.getAsLong() != Container.MANAGEMENT_PORT) {
            return wrong(workload, container, port, "asks port " + number.getAsLong() + ", where no drain answers");
        }
        if (get.at("scheme").is("HTTPS")) {
            return wrong(workload, container, get.at("scheme"), "speaks TLS, and fails");
        }
        Field host = get.at("host");
        if (!host.text().isEmpty()) {
            String whose = LOOPBACK.contains(host.text()) ? "the node itself" : host.text() + " for every pod";
            return wrong(workload, container, host, "asks " + whose + ", not the pod");
        }
        return Stream.empty();
    }

    private static String written(Field field) {
        return field.isPresent() ? field.text() : "nothing";
    }

    private static Stream<Finding> wrong(Workload workload, Container container, Field place, String what) {
        return Stream.of(Finding.error(
                        workload.document(),
                        place,
                        "the hook " + what + ": SIGTERM comes before the drain",
                        "httpGet, path " + Container.PRE_STOP_PATH + ", port 9000, scheme HTTP")
                .fixedBy(Mend.ourHook(workload, container)));
    }
}

package dev.lastcall.lint;

import java.util.OptionalLong;
import java.util.stream.Stream;

/** A preStop beside Lastcall that asks something other than the drain. */
final class PreStopElsewhere implements Check {
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
        if (!get.at("path").is(Container.PRE_STOP_PATH)) {
            return Stream.of(wrong(workload, get.at("path"), "asks " + written(get.at("path"))));
        }
        Field port = get.at("port");
        OptionalLong number = container.port(port);
        if (number.isEmpty()) {
            return Stream.of(
                    wrong(workload, port, "names the port " + written(port) + ", which is none of this container's"));
        }
        if (number.getAsLong() != Container.MANAGEMENT_PORT) {
            return Stream.of(wrong(workload, port, "asks port " + number.getAsLong()));
        }
        if (get.at("scheme").is("HTTPS")) {
            return Stream.of(wrong(workload, get.at("scheme"), "speaks TLS"));
        }
        return Stream.empty();
    }

    private static String written(Field field) {
        return field.isPresent() ? field.text() : "nothing";
    }

    private static Finding wrong(Workload workload, Field place, String what) {
        return Finding.error(
                workload.document(),
                place,
                "the hook " + what + ": it fails, and SIGTERM comes at once",
                "httpGet, path " + Container.PRE_STOP_PATH + ", port 9000, scheme HTTP");
    }
}

package dev.lastcall.lint;

import java.util.OptionalLong;
import java.util.stream.Stream;

/** Port 9000 within the reach of clients, who may start a drain there: its preStop takes no token. */
final class ManagementExposed implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.lastcall().stream()
                .flatMap(lastcall -> Stream.concat(
                        all.services(workload).flatMap(service -> ofService(service, lastcall)),
                        ofHost(workload, lastcall)));
    }

    private static Stream<Finding> ofService(Document service, Container lastcall) {
        return service.root().at("spec", "ports").items().stream()
                .map(port -> port.at("targetPort").isPresent() ? port.at("targetPort") : port.at("port"))
                .filter(target -> lastcall.port(target).equals(OptionalLong.of(Container.MANAGEMENT_PORT)))
                .map(target -> Finding.error(
                        service,
                        target,
                        "who reaches port 9000 may start a drain",
                        "leave it out: the kubelet and Prometheus go to the pod itself"));
    }

    private static Stream<Finding> ofHost(Workload workload, Container lastcall) {
        return lastcall.ports().stream()
                .filter(port -> port.at("containerPort").number().equals(OptionalLong.of(Container.MANAGEMENT_PORT)))
                .map(port -> port.at("hostPort"))
                .filter(Field::isPresent)
                .map(place -> Finding.error(
                        workload.document(), place, "who reaches port 9000 may start a drain", "no hostPort for it"));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Port 9000 within the reach of clients, who may start a drain there: its preStop takes no token. */
final class ManagementExposed implements Check {
    private static final String WHY = "who reaches port 9000 may start a drain";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.lastcall().stream().flatMap(lastcall -> Stream.of(
                        all.services(workload).stream().flatMap(service -> ofService(service, lastcall)),
                        ofHost(workload, lastcall),
                        ofNetwork(workload))
                .flatMap(each -> each));
    }

    private static Stream<Finding> ofService(Document service, Container lastcall) {
        List<Field> ports = service.root().at("spec", "ports").items();
        return ports.stream()
                .filter(port -> lastcall.target(port).equals(OptionalLong.of(Container.MANAGEMENT_PORT)))
                .map(port -> {
                    Field target = port.at("targetPort").isPresent() ? port.at("targetPort") : port.at("port");
                    Finding finding = Finding.error(
                            service, target, WHY, "leave it out: the kubelet and Prometheus go to the pod itself");
                    return ports.size() > 1 ? finding.fixedBy(Edit.remove(service, port)) : finding;
                });
    }

    private static Stream<Finding> ofHost(Workload workload, Container lastcall) {
        return lastcall.ports().stream()
                .filter(port -> port.at("containerPort").number().equals(OptionalLong.of(Container.MANAGEMENT_PORT)))
                .map(port -> port.at("hostPort"))
                .filter(Field::isPresent)
                .map(place -> Finding.error(workload.document(), place, WHY, "no hostPort for it")
                        .fixedBy(Edit.remove(workload.document(), place)));
    }

    private static Stream<Finding> ofNetwork(Workload workload) {
        Field place = workload.spec().at("hostNetwork");
        return place.is("true")
                ? Stream.of(Finding.error(
                        workload.document(),
                        place,
                        "port 9000 is the node's: " + WHY + ", and no NetworkPolicy applies",
                        "a pod network of its own"))
                : Stream.empty();
    }
}

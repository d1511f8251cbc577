package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A preStop that the kubelet cannot carry out: it writes an event, and sends SIGTERM at once. */
final class PreStopFails implements Check {
    private final KubernetesVersion cluster;

    PreStopFails(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream().flatMap(each -> {
            boolean ours = each.isLastcall() || (sidecar && !each.initial());
            Field hook = each.preStop();
            if (hook.at("tcpSocket").isPresent()) {
                return Stream.of(
                        finding(workload, each, ours, hook.at("tcpSocket"), "tcpSocket opens nothing in a hook"));
            }
            // A hook of ours that leads elsewhere is said by PreStopElsewhere.
            return ours ? Stream.empty() : get(workload, each);
        });
    }

    private Stream<Finding> get(Workload workload, Container container) {
        Field get = container.preStop().at("httpGet");
        Field port = get.at("port");
        // Elsewhere than in this container a name is looked up nowhere.
        if (!get.isPresent() || container.port(port).isPresent()) {
            return Stream.empty();
        }
        String what = port.isPresent() ? "no port of this container is named " + port.text() : "httpGet needs a port";
        return Stream.of(finding(workload, container, false, port, what));
    }

    private Finding finding(Workload workload, Container container, boolean ours, Field place, String what) {
        String why = what + ": the hook fails at run time, and SIGTERM comes at once";
        if (ours) {
            return Finding.error(workload.document(), place, why, "use " + Mend.OUR_HOOK)
                    .fixedBy(Mend.ourHook(workload, container));
        }
        Finding finding = Finding.error(workload.document(), place, why, Mend.hookAdvice(workload, cluster));
        return Mend.withSleep(finding, workload, container, cluster);
    }
}

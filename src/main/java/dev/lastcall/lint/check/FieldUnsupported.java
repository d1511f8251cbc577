package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A field that the cluster does not know yet: it drops it, or refuses the object. */
final class FieldUnsupported implements Check {
    private final KubernetesVersion cluster;

    FieldUnsupported(KubernetesVersion cluster) {
        this.cluster = cluster;
    }

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream().flatMap(this::fields).map(each -> of(workload.document(), each));
    }

    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        Field policy = object.root().at("spec", "unhealthyPodEvictionPolicy");
        return object.kind().equals("PodDisruptionBudget")
                ? known(policy, UnhealthyEviction.SINCE).map(each -> of(object, each))
                : Stream.empty();
    }

    /** A field and the version it came with. */
    private record Since(Field field, int minor) {}

    private Stream<Since> fields(Container container) {
        Field sleep = container.preStop().at("sleep");
        Stream<Since> probes = Stream.of("liveness", "readiness", "startup")
                .map(container::probe)
                .flatMap(probe -> Stream.concat(
                        known(probe.at("terminationGracePeriodSeconds"), 25), known(probe.at("grpc"), 24)));
        Stream<Since> hooks = Stream.concat(
                known(sleep, Mend.SLEEP_SINCE),
                sleep.at("seconds").is("0") ? known(sleep.at("seconds"), 33) : Stream.empty());
        return Stream.concat(Stream.concat(hooks, known(container.field().at("lifecycle", "stopSignal"), 33)), probes);
    }

    private Stream<Since> known(Field field, int since) {
        return field.isPresent() && !cluster.has(since) ? Stream.of(new Since(field, since)) : Stream.empty();
    }

    private Finding of(Document document, Since each) {
        return Finding.error(
                document,
                each.field(),
                "Kubernetes " + cluster + " does not know it: the object is refused, or the field dropped",
                "a cluster of 1." + each.minor() + ", or without it");
    }
}

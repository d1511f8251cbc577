package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** Kubernetes writes each Service into the pods' environment, and one named lastcall reads like our configuration. */
final class ServiceLinks implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Field links = workload.spec().at("enableServiceLinks");
        return workload.lastcall().isEmpty() || links.is("false")
                ? Stream.empty()
                : Stream.of(Finding.warning(
                                workload.document(),
                                links,
                                "a Service named lastcall puts LASTCALL_PORT and its like into the environment, among our settings",
                                "enableServiceLinks: false")
                        .fixedBy(Edit.set(workload.document(), links, false)));
    }
}

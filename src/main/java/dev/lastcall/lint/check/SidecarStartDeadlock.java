package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.Set;
import java.util.stream.Stream;

/** The application starts only when the native sidecar has started; a sidecar that waits for the application's health never has. */
final class SidecarStartDeadlock implements Check {
    private static final Set<String> OF_THE_APPLICATION = Set.of("/q/health", "/q/health/ready");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.containers().stream()
                .filter(each -> each.isNativeSidecar() && each.isLastcall())
                .map(each -> each.probe("startup").at("httpGet", "path"))
                .filter(path -> OF_THE_APPLICATION.contains(LivenessInDrain.bare(path.text())))
                .map(path -> Finding.error(
                                workload.document(),
                                path,
                                "the application starts after this probe, and " + path.text()
                                        + " waits for the application",
                                "use /q/health/started")
                        .fixedBy(Edit.set(workload.document(), path, "/q/health/started")));
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds applications beside the sidecar that get SIGTERM while their traffic goes on. */
final class SidecarUnasked implements Check {
    private static final Pattern PORT = Pattern.compile(":([0-9]{1,5})/?$");

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (!workload.isBehindSidecar(all)) {
            return Stream.empty();
        }
        return behindIt(workload, all)
                .filter(each -> !each.preStop().isPresent())
                .map(each -> Finding.error(
                                workload.document(),
                                each.preStop(),
                                "it gets SIGTERM at once, while the sidecar still sends it requests",
                                "add preStop: " + Mend.OUR_HOOK)
                        .fixedBy(Mend.ourHook(workload, each)));
    }

    /** Returns the containers that declare the upstream's port, or all where none does: an exporter beside them gets nothing from the sidecar. */
    private static Stream<Container> behindIt(Workload workload, Manifests all) {
        List<Container> applications = workload.applications().toList();
        OptionalLong port = workload.settings(all)
                .flatMap(settings -> settings.get("lastcall.proxy.upstream"))
                .map(upstream -> PORT.matcher(upstream.value()))
                .filter(Matcher::find)
                .map(found -> OptionalLong.of(Long.parseLong(found.group(1))))
                .orElse(OptionalLong.empty());
        List<Container> declared = applications.stream()
                .filter(each -> port.isPresent() && each.exposes(port.getAsLong()))
                .toList();
        return (declared.isEmpty() ? applications : declared).stream();
    }
}

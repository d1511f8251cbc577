package dev.lastcall.lint.check;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.time.Duration;
import java.util.stream.Stream;

/** The application's own stop comes between the drain's end and the kill: the default leaves it next to nothing. */
final class SidecarReserve implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (!workload.isBehindSidecar(all) || workload.applications().findAny().isEmpty()) {
            return Stream.empty();
        }
        Duration enough = DrainSettings.defaults().releaseReserve();
        return workload.settings(all).stream()
                .filter(settings -> Stages.of(settings).releaseReserve().compareTo(enough) <= 0)
                .map(settings -> of(workload, settings, all));
    }

    private static Finding of(Workload workload, ContainerSettings settings, Manifests all) {
        Field place = settings.get(Stages.RELEASE_RESERVE)
                .map(Setting::place)
                .orElseGet(() -> workload.lastcall().orElseThrow().field().at("env"));
        Finding finding = Finding.warning(
                settings.get(Stages.RELEASE_RESERVE).map(Setting::document).orElse(workload.document()),
                place,
                "the application's stop must fit into release-reserve, "
                        + WrittenDuration.seconds(Stages.of(settings).releaseReserve())
                        + ", together with the sidecar's own",
                "LASTCALL_DRAIN_RELEASE_RESERVE as long as the application takes after SIGTERM, and some 2 s more");
        return Mend.setting(workload, all, Stages.RELEASE_RESERVE, "10s")
                .map(finding::fixedBy)
                .orElse(finding);
    }
}

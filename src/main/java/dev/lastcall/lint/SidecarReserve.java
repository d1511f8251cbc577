package dev.lastcall.lint;

import dev.lastcall.drain.DrainSettings;
import java.time.Duration;
import java.util.stream.Stream;

/** The application's own stop comes between the drain's end and the kill: the default leaves it next to nothing. */
final class SidecarReserve implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        if (!workload.isBehindSidecar(all) || workload.applications().findAny().isEmpty()) {
            return Stream.empty();
        }
        return workload.lastcall().stream().flatMap(lastcall -> {
            ContainerSettings settings = ContainerSettings.of(lastcall, workload.document(), all);
            Stages stages = Stages.of(settings);
            Duration enough = DrainSettings.defaults().releaseReserve();
            if (stages.releaseReserve().compareTo(enough) > 0) {
                return Stream.empty();
            }
            Field place = settings.get(Stages.RELEASE_RESERVE)
                    .map(Setting::place)
                    .orElse(lastcall.field().at("env"));
            return Stream.of(
                    Finding.warning(
                            workload.document(),
                            place,
                            "the application's stop must fit into release-reserve, "
                                    + WrittenDuration.seconds(stages.releaseReserve())
                                    + ", together with the sidecar's own",
                            "LASTCALL_DRAIN_RELEASE_RESERVE as long as the application takes after SIGTERM, and some 2 s more"));
        });
    }
}

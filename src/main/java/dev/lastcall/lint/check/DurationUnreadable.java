package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.util.stream.Stream;

/** A number of the drain that the service cannot read: it would not start. */
final class DurationUnreadable implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.settings(all).stream().flatMap(DurationUnreadable::of);
    }

    private static Stream<Finding> of(ContainerSettings settings) {
        return Stream.of(
                        Stages.GRACE,
                        Stages.LAME_DUCK_MAX,
                        Stages.CANCEL_RESERVE,
                        Stages.RELEASE_RESERVE,
                        Stages.EXIT_MARGIN)
                .flatMap(key -> settings.get(key).stream())
                .filter(setting -> WrittenDuration.parse(setting.value()).isEmpty())
                // An expansion is the kubelet's to make.
                .filter(setting -> !setting.value().contains("$("))
                .map(setting -> Finding.error(
                        setting.document(),
                        setting.place(),
                        "\"" + setting.value() + "\" is no duration, the start fails",
                        "write it as 30s, 500ms or 2m"));
    }
}

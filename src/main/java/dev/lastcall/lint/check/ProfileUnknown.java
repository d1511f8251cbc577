package dev.lastcall.lint.check;

import dev.lastcall.drain.DrainProfile;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A profile of the drain that does not exist: the service would not start. */
final class ProfileUnknown implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.settings(all).stream()
                .flatMap(settings -> settings.get(Stages.PROFILE).stream())
                .filter(setting -> DrainProfile.of(setting.value().strip()).isEmpty())
                // An expansion is the kubelet's to make.
                .filter(setting -> !setting.value().contains("$("))
                .map(setting -> Finding.error(
                        setting.document(),
                        setting.place(),
                        "\"" + setting.value() + "\" is no profile, the start fails",
                        "one of " + String.join(", ", DrainProfile.keys())));
    }
}

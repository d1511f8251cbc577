package dev.lastcall.lint.check;

import dev.lastcall.drain.DrainProfile;
import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.time.Duration;
import java.util.stream.Stream;

/** One budget, written down twice with two values. */
final class GraceMismatch implements Check {
    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.settings(all).stream().flatMap(settings -> of(workload, settings, all));
    }

    private static Stream<Finding> of(Workload workload, ContainerSettings settings, Manifests all) {
        Stages stages = Stages.of(settings);
        Duration kill = Duration.ofSeconds(workload.graceSeconds());
        // Too short for the stages is said once, by GraceTooShort.
        if (stages.grace().equals(kill) || GraceTooShort.isShort(stages, kill)) {
            return Stream.empty();
        }
        if (settings.get(Stages.GRACE).isEmpty() && !settings.unseen().isEmpty()) {
            return Stream.of(unseen(workload, settings.unseen().get(0)));
        }
        Finding finding = of(workload, settings, stages.grace(), kill);
        return Stream.of(Mend.setting(workload, all, Stages.GRACE, kill.toSeconds() + "s")
                .map(finding::fixedBy)
                .orElse(finding));
    }

    private static Finding unseen(Workload workload, Field source) {
        return Finding.warning(
                workload.document(),
                source,
                "whether " + Stages.GRACE + " is terminationGracePeriodSeconds (" + workload.graceSeconds()
                        + ") cannot be seen, its ConfigMap is not among the files",
                "name the ConfigMap's file too");
    }

    private static Finding of(Workload workload, ContainerSettings settings, Duration ours, Duration kill) {
        Setting setting = settings.get(Stages.GRACE)
                .orElse(new Setting(Stages.GRACE, "", workload.document(), workload.gracePeriod()));
        String both = Stages.GRACE + " is " + WrittenDuration.seconds(ours)
                + (setting.value().isEmpty() ? preset(settings) : "") + ", terminationGracePeriodSeconds "
                + WrittenDuration.seconds(kill);
        String mend = "write " + kill.toSeconds() + "s in both";
        return ours.compareTo(kill) > 0
                ? Finding.error(
                        setting.document(),
                        setting.place(),
                        both + ": what is waited for is killed before it is cancelled",
                        mend)
                : Finding.warning(
                        setting.document(), setting.place(), both + ": the rest of the pod's time is never used", mend);
    }

    private static String preset(ContainerSettings settings) {
        return settings.get(Stages.PROFILE)
                .flatMap(profile -> DrainProfile.of(profile.value().strip()))
                .map(profile -> " by " + Stages.PROFILE + "=" + profile.key())
                .orElse(" by default");
    }
}

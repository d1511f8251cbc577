package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Workload;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.time.Duration;
import java.util.stream.Stream;

/** A lease longer than the grace period: the runs of a pod that was killed wait longer than a whole drain would have taken. */
final class LeaseOutlastsGrace implements Check {
    private static final String LEASE = "lastcall.run.lease";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Duration grace = Duration.ofSeconds(workload.graceSeconds());
        return workload.settings(all).flatMap(settings -> settings.get(LEASE)).stream()
                .flatMap(lease -> WrittenDuration.parse(lease.value()).stream()
                        .filter(length -> length.compareTo(grace) > 0)
                        .map(length -> of(workload, all, lease, length)));
    }

    private static Finding of(Workload workload, Manifests all, Setting lease, Duration length) {
        Finding finding = Finding.warning(
                lease.document(),
                lease.place(),
                "after a kill its runs stand still for " + WrittenDuration.seconds(length)
                        + ", longer than the whole grace period of " + workload.graceSeconds() + " s",
                "a lease of 10s");
        return Mend.setting(workload, all, LEASE, "10s").map(finding::fixedBy).orElse(finding);
    }
}

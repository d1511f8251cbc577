package dev.lastcall.lint;

import java.time.Duration;
import java.util.stream.Stream;

/** A lease longer than the grace period: the runs of a pod that was killed wait longer than a whole drain would have taken. */
final class LeaseOutlastsGrace implements Check {
    private static final String LEASE = "lastcall.run.lease";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        return workload.lastcall().stream()
                .flatMap(lastcall -> ContainerSettings.of(lastcall, workload.document(), all).get(LEASE).stream())
                .flatMap(lease -> WrittenDuration.parse(lease.value()).stream()
                        .filter(length -> length.compareTo(Duration.ofSeconds(workload.graceSeconds())) > 0)
                        .map(length -> Finding.warning(
                                lease.document(),
                                lease.place(),
                                "after a kill its runs stand still for " + WrittenDuration.seconds(length)
                                        + ", longer than the whole grace period of " + workload.graceSeconds() + " s",
                                "a lease of 10s")));
    }
}

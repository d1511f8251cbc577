package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A preStop that waits for the clock: so long that nothing is left of the grace period, or beside a drain that waits for the work. */
final class SleepPreStop implements Check {
    /** The least time that a program needs after SIGTERM, in seconds. */
    private static final double LEFT = 2;

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        boolean sidecar = workload.isBehindSidecar(all);
        return workload.containers().stream()
                .flatMap(each -> of(workload, each, each.isLastcall() || (sidecar && !each.initial())));
    }

    private static Stream<Finding> of(Workload workload, Container container, boolean ours) {
        Hook hook = Hook.of(container);
        Field place = container.preStop();
        if (hook.kind() != Hook.Kind.SLEEPS && hook.kind() != Hook.Kind.ENDLESS) {
            return Stream.empty();
        }
        String length = hook.kind() == Hook.Kind.ENDLESS ? "for ever" : hook.length() + " s";
        if (ours) {
            Finding finding = Finding.error(
                    workload.document(),
                    place,
                    "it sleeps " + length + ", whatever is in flight, and starts no drain",
                    "use " + Mend.OUR_HOOK + ", which answers when nothing is in flight");
            return Stream.of(finding.fixedBy(Mend.ourHook(workload, container)));
        }
        double left = hook.kind() == Hook.Kind.ENDLESS ? 0 : workload.graceSeconds() - hook.seconds();
        if (left >= LEFT || workload.graceSeconds() == 0) {
            return Stream.empty();
        }
        return Stream.of(tooLong(workload, place, hook, length, left));
    }

    private static Finding tooLong(Workload workload, Field place, Hook hook, String length, double left) {
        String of = "it sleeps " + length + " of the " + workload.graceSeconds() + " s until the kill";
        String mend =
                "a shorter sleep, or terminationGracePeriodSeconds of the sleep and the program's own end together";
        Finding finding = left <= 0
                ? Finding.error(
                        workload.document(), place, of + ", and nothing is left for the program's own end", mend)
                : Finding.warning(
                        workload.document(), place, of + ": less than 2 s are left for the program's own end", mend);
        if (hook.kind() == Hook.Kind.ENDLESS) {
            return finding;
        }
        long enough = (long) Math.ceil(hook.seconds()) + Workload.DEFAULT_GRACE;
        return finding.fixedBy(Edit.set(workload.document(), workload.gracePeriod(), enough));
    }
}

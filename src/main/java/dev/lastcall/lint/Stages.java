package dev.lastcall.lint;

import dev.lastcall.drain.DrainSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * The drain's numbers as a manifest sets them, whether or not they fit together; what it leaves out, or writes so that nobody can read it,
 * is the default.
 *
 * @param grace {@code lastcall.drain.grace-period}, which the instants are cut from
 */
record Stages(
        Duration grace, Duration lameDuckMax, Duration cancelReserve, Duration releaseReserve, Duration exitMargin) {
    static final String GRACE = "lastcall.drain.grace-period";
    static final String LAME_DUCK_MAX = "lastcall.drain.lame-duck.max";
    static final String CANCEL_RESERVE = "lastcall.drain.cancel-reserve";
    static final String RELEASE_RESERVE = "lastcall.drain.release-reserve";
    static final String EXIT_MARGIN = "lastcall.drain.exit-margin";

    static Stages of(ContainerSettings settings) {
        DrainSettings defaults = DrainSettings.defaults();
        return new Stages(
                read(settings, GRACE, defaults.gracePeriod()),
                read(settings, LAME_DUCK_MAX, defaults.lameDuck().max()),
                read(settings, CANCEL_RESERVE, defaults.cancelReserve()),
                read(settings, RELEASE_RESERVE, defaults.releaseReserve()),
                read(settings, EXIT_MARGIN, defaults.exitMargin()));
    }

    private static Duration read(ContainerSettings settings, String key, Duration otherwise) {
        return settings.get(key)
                .map(Setting::value)
                .flatMap(WrittenDuration::parse)
                .orElse(otherwise);
    }

    /** What a grace period must exceed. */
    Duration need() {
        return lameDuckMax.plus(cancelReserve).plus(releaseReserve).plus(exitMargin);
    }

    /** The same as a sum in words. */
    String arithmetic() {
        return "lame-duck.max " + WrittenDuration.seconds(lameDuckMax) + " + cancel-reserve "
                + WrittenDuration.seconds(cancelReserve) + " + release-reserve "
                + WrittenDuration.seconds(releaseReserve) + " + exit-margin " + WrittenDuration.seconds(exitMargin)
                + " = " + WrittenDuration.seconds(need());
    }

    Duration exit() {
        return grace.minus(exitMargin);
    }

    /** When preStop answers at the latest. */
    Duration cut() {
        return exit().minus(releaseReserve);
    }

    Duration cancel() {
        return cut().minus(cancelReserve);
    }

    /** Of a workload's Lastcall; none where it has none. */
    static Optional<Stages> of(Workload workload, Manifests all) {
        return workload.lastcall().map(each -> of(ContainerSettings.of(each, workload.document(), all)));
    }
}

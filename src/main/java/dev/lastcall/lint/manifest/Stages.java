package dev.lastcall.lint.manifest;

import dev.lastcall.drain.DrainProfile;
import dev.lastcall.drain.DrainSettings;
import java.time.Duration;
import java.util.Map;

/**
 * The drain's durations as a manifest sets them, whether or not they fit together; what is missing or unreadable has its default.
 *
 * @param grace {@code lastcall.drain.grace-period}, which the instants are cut from
 */
public record Stages(
        Duration grace, Duration lameDuckMax, Duration cancelReserve, Duration releaseReserve, Duration exitMargin) {
    /** The key of the whole budget. */
    public static final String GRACE = "lastcall.drain.grace-period";
    /** The key of what sends the clients, whose numbers hold where none is set. */
    public static final String PROFILE = "lastcall.drain.profile";
    /** The key of the lame duck's longest time. */
    public static final String LAME_DUCK_MAX = "lastcall.drain.lame-duck.max";
    /** The key of the time to cancel in. */
    public static final String CANCEL_RESERVE = "lastcall.drain.cancel-reserve";
    /** The key of the time to release in. */
    public static final String RELEASE_RESERVE = "lastcall.drain.release-reserve";
    /** The key of what is kept before the kill. */
    public static final String EXIT_MARGIN = "lastcall.drain.exit-margin";

    /** Reads the durations from the settings. */
    public static Stages of(ContainerSettings settings) {
        DrainSettings defaults = DrainSettings.defaults();
        Map<String, Duration> presets = settings.get(PROFILE)
                .flatMap(profile -> DrainProfile.of(profile.value().strip()))
                .map(DrainProfile::presets)
                .orElse(Map.of());
        return new Stages(
                read(settings, GRACE, presets.getOrDefault("grace-period", defaults.gracePeriod())),
                read(
                        settings,
                        LAME_DUCK_MAX,
                        presets.getOrDefault(
                                "lame-duck.max", defaults.lameDuck().max())),
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

    /** Returns the sum that a grace period must exceed. */
    public Duration need() {
        return lameDuckMax.plus(cancelReserve).plus(releaseReserve).plus(exitMargin);
    }

    /** The same as a sum in words. */
    public String arithmetic() {
        return "lame-duck.max " + WrittenDuration.seconds(lameDuckMax) + " + cancel-reserve "
                + WrittenDuration.seconds(cancelReserve) + " + release-reserve "
                + WrittenDuration.seconds(releaseReserve) + " + exit-margin " + WrittenDuration.seconds(exitMargin)
                + " = " + WrittenDuration.seconds(need());
    }

    /** Returns the time at which the process is gone at the latest. */
    public Duration exit() {
        return grace.minus(exitMargin);
    }

    /** Returns the time at which preStop answers at the latest. */
    public Duration cut() {
        return exit().minus(releaseReserve);
    }

    /** Returns the time at which what is left is cancelled. */
    public Duration cancel() {
        return cut().minus(cancelReserve);
    }
}

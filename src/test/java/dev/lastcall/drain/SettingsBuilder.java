package dev.lastcall.drain;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The defaults of a drain, each to be changed by itself. */
final class SettingsBuilder {
    private static final DrainSettings DEFAULTS = DrainSettings.defaults();

    private Duration gracePeriod = DEFAULTS.gracePeriod();
    private Duration exitMargin = DEFAULTS.exitMargin();
    private boolean keepReady;
    private Duration min = DEFAULTS.lameDuck().min();
    private Duration quietPeriod = DEFAULTS.lameDuck().quietPeriod();
    private Duration max = DEFAULTS.lameDuck().max();
    private @Nullable Duration streamPatience;
    private Duration cancelReserve = DEFAULTS.cancelReserve();
    private Duration releaseReserve = DEFAULTS.releaseReserve();
    private boolean serveAfterLameDuck;

    SettingsBuilder gracePeriod(String value) {
        gracePeriod = Duration.parse(value);
        return this;
    }

    SettingsBuilder exitMargin(String value) {
        exitMargin = Duration.parse(value);
        return this;
    }

    SettingsBuilder keepReady() {
        keepReady = true;
        return this;
    }

    SettingsBuilder min(String value) {
        min = Duration.parse(value);
        return this;
    }

    SettingsBuilder quietPeriod(String value) {
        quietPeriod = Duration.parse(value);
        return this;
    }

    SettingsBuilder max(String value) {
        max = Duration.parse(value);
        return this;
    }

    SettingsBuilder streamPatience(String value) {
        streamPatience = Duration.parse(value);
        return this;
    }

    SettingsBuilder cancelReserve(String value) {
        cancelReserve = Duration.parse(value);
        return this;
    }

    SettingsBuilder releaseReserve(String value) {
        releaseReserve = Duration.parse(value);
        return this;
    }

    SettingsBuilder serveAfterLameDuck() {
        serveAfterLameDuck = true;
        return this;
    }

    DrainSettings settings() {
        var lameDuck = new DrainSettings.LameDuck(min, quietPeriod, max, List.of("kube-probe"));
        return new DrainSettings(
                gracePeriod,
                exitMargin,
                keepReady,
                lameDuck,
                streamPatience,
                cancelReserve,
                releaseReserve,
                serveAfterLameDuck);
    }
}

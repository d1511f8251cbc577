package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrainProfileTest {
    @Test
    void servicesWithinTheClusterHaveTheDefaults() {
        DrainSettings defaults = DrainSettings.defaults();
        assertThat(DrainProfile.KUBE_PROXY.presets())
                .isEqualTo(Map.of(
                        "grace-period", defaults.gracePeriod(),
                        "lame-duck.min", defaults.lameDuck().min(),
                        "lame-duck.max", defaults.lameDuck().max()));
    }

    @ParameterizedTest
    @EnumSource
    void numbersFitEachOtherAndOutlastTheSlowestWithdrawal(DrainProfile profile) {
        DrainSettings defaults = DrainSettings.defaults();
        Map<String, Duration> presets = profile.presets();
        DrainSettings settings = new DrainSettings(
                value(presets, "grace-period"),
                defaults.exitMargin(),
                false,
                new DrainSettings.LameDuck(
                        value(presets, "lame-duck.min"),
                        defaults.lameDuck().quietPeriod(),
                        value(presets, "lame-duck.max"),
                        defaults.lameDuck().quietIgnores()),
                null,
                defaults.cancelReserve(),
                defaults.releaseReserve(),
                false);
        assertThat(settings.lameDuck().min()).isGreaterThanOrEqualTo(profile.to());
        assertThat(profile.from()).isLessThan(profile.to());
        assertThat(DrainProfile.of(profile.key())).contains(profile);
    }

    private static Duration value(Map<String, Duration> presets, String key) {
        return presets.getOrDefault(key, Duration.ZERO);
    }

    @Test
    void keysAreWrittenAsTheyAreConfigured() {
        assertThat(DrainProfile.keys()).containsExactly("kube-proxy", "nginx", "envoy", "alb", "gclb", "azure", "nlb");
        assertThat(DrainProfile.of("kube proxy")).isEmpty();
    }
}

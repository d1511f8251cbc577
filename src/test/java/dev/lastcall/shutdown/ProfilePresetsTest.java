package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.config.Mappings;
import dev.lastcall.drain.DrainProfile;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilePresetsTest {
    /** With the mappings' defaults, as the running configuration has them. */
    private static SmallRyeConfig config(String... pairs) {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            set.put("lastcall.drain." + pairs[i], pairs[i + 1]);
        }
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(set, "test", 100))
                .withSources(new ProfilePresets());
        Mappings.all().forEach(builder::withMapping);
        return builder.build();
    }

    private static String value(SmallRyeConfig config, String key) {
        return config.getConfigValue("lastcall.drain." + key).getValue();
    }

    @Test
    void profileGivesTheNumbersThatFitIt() {
        SmallRyeConfig config = config("profile", "nlb");
        assertThat(value(config, "grace-period")).isEqualTo("148s");
        assertThat(value(config, "lame-duck.min")).isEqualTo("2m");
        assertThat(value(config, "lame-duck.max")).isEqualTo("128s");
        assertThat(DrainBeans.from(config.getConfigMapping(DrainConfig.class))
                        .gracePeriod()
                        .toSeconds())
                .isEqualTo(148);
        assertThat(ProfilePresets.line(config))
                .contains("lastcall.drain.profile=nlb presets lastcall.drain.grace-period=148s"
                        + " lastcall.drain.lame-duck.min=2m lastcall.drain.lame-duck.max=128s");
    }

    /** A spelling that the mapping reads as a profile has that profile's numbers: a start without them would look as if it had. */
    @ParameterizedTest
    @ValueSource(strings = {"KUBE_PROXY", "kube_proxy", "KubeProxy", "kubeProxy", " kube-proxy ", "NLB", "Nlb", " nlb"})
    void spellingThatIsAcceptedHasItsNumbers(String spelling) {
        SmallRyeConfig config = config("profile", spelling);
        DrainProfile profile =
                config.getConfigMapping(DrainConfig.class).profile().orElseThrow();
        assertThat(DrainBeans.from(config.getConfigMapping(DrainConfig.class)).gracePeriod())
                .isEqualTo(profile.presets().get("grace-period"));
        assertThat(ProfilePresets.line(config)).isPresent();
    }

    @Test
    void whatSomebodyHasSetWins() {
        SmallRyeConfig config = config("profile", "alb", "grace-period", "300s", "lame-duck.max", "40s");
        assertThat(value(config, "grace-period")).isEqualTo("300s");
        assertThat(value(config, "lame-duck.min")).isEqualTo("15s");
        assertThat(value(config, "lame-duck.max")).isEqualTo("40s");
        assertThat(ProfilePresets.line(config))
                .contains("lastcall.drain.profile=alb presets lastcall.drain.lame-duck.min=15s");
        assertThat(ProfilePresets.line(config(
                        "profile", "alb", "grace-period", "300s", "lame-duck.min", "15s", "lame-duck.max", "40s")))
                .contains("lastcall.drain.profile=alb presets nothing: all of its keys are set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-proxy", "nginx", "envoy", "alb", "gclb", "azure", "nlb"})
    void everyProfileIsAccepted(String profile) {
        SmallRyeConfig config = config("profile", profile);
        KnownKeys known = KnownKeys.of(Mappings.all());
        assertThat(ConfigCheck.problems(config, known, config.getConfigMapping(DrainConfig.class)))
                .isEmpty();
        assertThat(ConfigCheck.warnings(config, known)).isEmpty();
    }

    @Test
    void withoutAProfileNothingIsPreset() {
        SmallRyeConfig config = config();
        assertThat(value(config, "grace-period")).isEqualTo("30s");
        assertThat(ProfilePresets.line(config)).isEmpty();
    }
}

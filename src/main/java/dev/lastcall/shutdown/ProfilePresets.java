package dev.lastcall.shutdown;

import dev.lastcall.drain.DrainProfile;
import dev.lastcall.drain.ReadableDuration;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The numbers of the drain that {@code lastcall.drain.profile} stands for, below whatever anybody has set. A name that is none gives nothing: the
 * check of the configuration refuses it.
 */
public final class ProfilePresets implements ConfigSourceFactory {
    private static final String KEY = DrainBeans.PREFIX + "profile";
    private static final int BELOW_EVERY_SETTING = 10;

    /** For the service loader. */
    public ProfilePresets() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        Optional<DrainProfile> profile = profile(context.getValue(KEY));
        if (profile.isEmpty()) {
            return List.of();
        }
        Map<String, String> presets = new HashMap<>();
        profile.get()
                .presets()
                .forEach((key, value) -> presets.put(DrainBeans.PREFIX + key, ReadableDuration.of(value)));
        return List.of(new PropertiesConfigSource(presets, source(profile.get()), BELOW_EVERY_SETTING));
    }

    /** One line that says which numbers are the profile's; empty where no profile is set. */
    static Optional<String> line(SmallRyeConfig config) {
        return profile(config.getConfigValue(KEY)).map(profile -> {
            String preset = profile.presets().keySet().stream()
                    .map(key -> config.getConfigValue(DrainBeans.PREFIX + key))
                    .filter(value -> String.valueOf(value.getConfigSourceName()).contains(source(profile)))
                    .map(value -> value.getName() + "=" + value.getValue())
                    .collect(Collectors.joining(" "));
            return source(profile)
                    + (preset.isEmpty() ? " presets nothing: all of its keys are set" : " presets " + preset);
        });
    }

    private static Optional<DrainProfile> profile(ConfigValue value) {
        return Optional.ofNullable(value)
                .map(ConfigValue::getValue)
                .map(String::strip)
                .flatMap(DrainProfile::of);
    }

    private static String source(DrainProfile profile) {
        return KEY + "=" + profile.key();
    }
}

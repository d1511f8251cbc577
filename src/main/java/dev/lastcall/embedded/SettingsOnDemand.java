package dev.lastcall.embedded;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Settings whose value is made when it is asked for. Quarkus builds a configuration for every test run, also where no test starts the
 * application: those runs must not pay for a database.
 */
final class SettingsOnDemand implements ConfigSource {

    private static final int BELOW_APPLICATION_PROPERTIES = 200;

    private final Map<String, Supplier<String>> settings;

    SettingsOnDemand(Map<String, Supplier<String>> settings) {
        this.settings = Map.copyOf(settings);
    }

    @Override
    public Set<String> getPropertyNames() {
        return settings.keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        Supplier<String> setting = settings.get(name);
        return setting == null ? null : setting.get();
    }

    @Override
    public String getName() {
        return "embedded databases";
    }

    @Override
    public int getOrdinal() {
        return BELOW_APPLICATION_PROPERTIES;
    }
}

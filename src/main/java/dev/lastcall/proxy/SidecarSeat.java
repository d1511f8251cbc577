package dev.lastcall.proxy;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Settings that come with the sidecar: the service's own port is off, and with it the agent API, PostgreSQL, and Redis unless one is named, by which
 * sidecars see each other and count their losses. {@code -D} and the environment override them.
 */
public final class SidecarSeat implements ConfigSourceFactory {
    private static final String PREFIX = "lastcall.proxy.";
    private static final int ABOVE_APPLICATION_PROPERTIES = 260;

    /** For the service loader. */
    public SidecarSeat() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (!isTaken(context)) {
            return List.of();
        }
        Map<String, String> off =
                new HashMap<>(Map.of("quarkus.http.host-enabled", "false", "quarkus.datasource.active", "false"));
        if (!isSet(context, "quarkus.redis.hosts")) {
            off.put("quarkus.redis.active", "false");
        }
        return List.of(new PropertiesConfigSource(off, "sidecar", ABOVE_APPLICATION_PROPERTIES));
    }

    private static boolean isSet(ConfigSourceContext context, String key) {
        ConfigValue value = context.getValue(key);
        return value != null && value.getValue() != null && !value.getValue().isEmpty();
    }

    private static boolean isTaken(ConfigSourceContext context) {
        if (isSet(context, PREFIX + "upstream")) {
            return true;
        }
        for (Iterator<String> names = context.iterateNames(); names.hasNext(); ) {
            String name = names.next().toLowerCase(Locale.ROOT).replace('_', '.');
            if (name.startsWith(PREFIX + "tcp.")) {
                return true;
            }
        }
        return false;
    }
}

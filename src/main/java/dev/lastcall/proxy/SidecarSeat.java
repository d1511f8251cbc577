package dev.lastcall.proxy;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Settings that come with the sidecar: the service's own port is off, and with it the agent API, PostgreSQL and Redis. {@code -D} and the
 * environment override them.
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
        Map<String, String> off = Map.of(
                "quarkus.http.host-enabled", "false",
                "quarkus.datasource.active", "false",
                "quarkus.redis.active", "false");
        return List.of(new PropertiesConfigSource(off, "sidecar", ABOVE_APPLICATION_PROPERTIES));
    }

    private static boolean isTaken(ConfigSourceContext context) {
        ConfigValue upstream = context.getValue(PREFIX + "upstream");
        if (upstream != null
                && upstream.getValue() != null
                && !upstream.getValue().isEmpty()) {
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

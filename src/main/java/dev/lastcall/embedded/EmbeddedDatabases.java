package dev.lastcall.embedded;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Answers, in dev mode and tests, for the databases nobody configured. The packaged application has this class, but not the servers'
 * libraries: nothing that names them may be loaded before the launch mode is known, see {@link EmbeddedServer}.
 */
public final class EmbeddedDatabases implements ConfigSourceFactory {

    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final String REDIS_HOSTS = "quarkus.redis.hosts";

    /** For the service loader. */
    public EmbeddedDatabases() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (!LaunchMode.current().isDevOrTest()) {
            return List.of();
        }
        Map<String, Supplier<String>> settings = new HashMap<>();
        if (isAbsent(context, JDBC_URL)) {
            settings.put(
                    JDBC_URL, () -> "jdbc:postgresql://localhost:" + EmbeddedServer.portOf("postgresql") + "/postgres");
            settings.put("quarkus.datasource.username", () -> "postgres");
            settings.put("quarkus.datasource.password", () -> "postgres");
        }
        if (isAbsent(context, REDIS_HOSTS)) {
            settings.put(REDIS_HOSTS, () -> "redis://localhost:" + EmbeddedServer.portOf("redis"));
        }
        return List.of(new SettingsOnDemand(settings));
    }

    private static boolean isAbsent(ConfigSourceContext context, String name) {
        var value = context.getValue(name);
        return value == null || value.getValue() == null;
    }
}

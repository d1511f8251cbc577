package dev.lastcall.embedded;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Settings of the databases that nobody configured, in dev mode and tests. The service file through which it is found is of its own, so that
 * it can be left out of the packaged application together with this package.
 */
public final class EmbeddedDatabases implements SmallRyeConfigBuilderCustomizer {

    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final String REDIS_HOSTS = "quarkus.redis.hosts";

    /** For the service loader. */
    public EmbeddedDatabases() {}

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (LaunchMode.current().isDevOrTest()) {
            ConfigSourceFactory factory = EmbeddedDatabases::sources;
            builder.withSources(factory);
        }
    }

    private static Iterable<ConfigSource> sources(ConfigSourceContext context) {
        Map<String, Supplier<String>> settings = new HashMap<>();
        if (isAbsent(context, JDBC_URL)) {
            settings.put(
                    JDBC_URL,
                    () -> "jdbc:postgresql://localhost:" + KeptPort.of("postgresql", EmbeddedPostgresql::start)
                            + "/postgres");
            settings.put("quarkus.datasource.username", () -> "postgres");
            settings.put("quarkus.datasource.password", () -> "postgres");
        }
        if (isAbsent(context, REDIS_HOSTS)) {
            settings.put(REDIS_HOSTS, () -> "redis://localhost:" + KeptPort.of("redis", EmbeddedRedis::start));
        }
        return List.of(new SettingsOnDemand(settings));
    }

    private static boolean isAbsent(ConfigSourceContext context, String name) {
        var value = context.getValue(name);
        return value == null || value.getValue() == null;
    }
}

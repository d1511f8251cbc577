package dev.lastcall.run.wiring;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Applies {@code lastcall.run.schema} to connections and migrations: each connection begins in that schema, by an option of its start,
 * which neither changes the user's search_path nor is left behind on a connection.
 */
public final class SchemaSettings implements ConfigSourceFactory {
    private static final String KEY = "lastcall.run.schema";
    private static final int BELOW_APPLICATION_PROPERTIES = 200;

    /** For the service loader. */
    public SchemaSettings() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var schema = context.getValue(KEY);
        if (schema == null || schema.getValue() == null || schema.getValue().isBlank()) {
            return List.of();
        }
        String name = schema.getValue();
        return List.of(new PropertiesConfigSource(
                Map.of(
                        "quarkus.datasource.jdbc.additional-jdbc-properties.currentSchema", name,
                        "quarkus.flyway.default-schema", name,
                        "quarkus.flyway.schemas", name),
                KEY,
                BELOW_APPLICATION_PROPERTIES));
    }
}

package dev.lastcall.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The environment variable {@code LASTCALL_CONFIG}: a YAML document of nested keys, for names that no variable's name can have. Single
 * variables win over it, files do not. A provider and no factory: factories do not see each other's keys, and look up keys that may be in it.
 */
public final class YamlVariable implements ConfigSourceProvider {
    /** The name of the variable. */
    public static final String NAME = "LASTCALL_CONFIG";

    private static final int BELOW_THE_ENVIRONMENT = 299;
    private static final int MOST_KEYS = 10_000;
    private static final int DEEPEST = 20;
    private static final Set<String> TOP = Set.of("lastcall", "quarkus");

    private final Map<String, String> environment;

    /** For the service loader. */
    public YamlVariable() {
        this(System.getenv());
    }

    /**
     * One that reads another environment.
     *
     * @param environment variables by name
     */
    public YamlVariable(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader loader) {
        String text = environment.get(NAME);
        return text == null ? List.of() : List.of(new PropertiesConfigSource(keys(text), NAME, BELOW_THE_ENVIRONMENT));
    }

    /**
     * The keys of a document; scalars stay as they are written.
     *
     * @throws ConfigurationException saying where it is no such document; nothing of it is shown, since it may contain secrets
     */
    static Map<String, String> keys(String text) {
        Object document;
        try {
            document = new Yaml(
                            new SafeConstructor(new LoaderOptions()),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            new LoaderOptions(),
                            new AsWritten())
                    .load(text);
        } catch (MarkedYAMLException e) {
            Mark place = e.getProblemMark();
            throw wrong(
                    place == null
                            ? "cannot be read"
                            : "line " + (place.getLine() + 1) + ", column " + (place.getColumn() + 1) + ": "
                                    + e.getProblem());
        } catch (RuntimeException e) {
            // The parser fails in its own ways where something is not what its tag says: a mapping that is !!binary, an
            // !!int without digits.
            throw wrong("cannot be read");
        }
        if (!(document instanceof Map<?, ?> keys)) {
            throw wrong(document == null ? "(nothing)" : "no mapping");
        }
        for (Object top : keys.keySet()) {
            if (!TOP.contains(String.valueOf(top).replaceFirst("\\..*", ""))) {
                throw wrong("\"" + top + "\" at the top");
            }
        }
        Map<String, String> flat = new TreeMap<>();
        add(flat, "", keys, 0);
        return flat;
    }

    private static ConfigurationException wrong(String what) {
        return new ConfigurationException(
                NAME + ": " + what + " (expected: YAML, as in {lastcall: {drain: {grace-period: 60s}}}); mend it");
    }

    private static void add(Map<String, String> flat, String prefix, @Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw wrong("nested too deep");
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) ->
                    add(flat, prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, each, depth + 1));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                add(flat, prefix + "[" + i + "]", list.get(i), depth + 1);
            }
        } else {
            flat.put(prefix, value == null ? "" : value.toString());
            if (flat.size() > MOST_KEYS) {
                // Aliases of aliases unfold to any number.
                throw wrong("more than " + MOST_KEYS + " keys");
            }
        }
    }

    /** No scalar is a number or a boolean: {@code 010}, {@code 1_000} and {@code on} are what they look like. */
    private static final class AsWritten extends Resolver {
        @Override
        protected void addImplicitResolvers() {}
    }
}

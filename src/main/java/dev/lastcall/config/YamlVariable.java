package dev.lastcall.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import java.io.StringReader;
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
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
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
     * Creates a provider that reads another environment.
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
     * The keys of a document; scalars stay as they are written, whatever their tag is.
     *
     * @throws ConfigurationException saying where it is no such document; nothing of it is shown, since it may contain secrets
     */
    static Map<String, String> keys(String text) {
        if (!(parse(text) instanceof MappingNode document)) {
            throw wrong("no mapping");
        }
        Keys keys = new Keys();
        keys.add("", document, 0);
        for (String key : keys.flat.keySet()) {
            String top = key.replaceFirst("[.\\[].*", "");
            if (!TOP.contains(top)) {
                throw wrong("\"" + top + "\" at the top");
            }
        }
        return keys.flat;
    }

    /** Nodes and no objects: those have hash codes, which do not end where a key contains itself. */
    private static @Nullable Node parse(String text) {
        try {
            return new Yaml(
                            new SafeConstructor(new LoaderOptions()),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            new LoaderOptions(),
                            new AsWritten())
                    .compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark place = e.getProblemMark();
            throw wrong(place == null ? "cannot be read" : at(place) + e.getProblem());
        } catch (YAMLException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // The scanner fails as the JDK does at some escapes that are none, such as "\x at the end of a text.
            throw wrong("cannot be read");
        }
    }

    private static String at(Mark place) {
        return "line " + (place.getLine() + 1) + ", column " + (place.getColumn() + 1) + ": ";
    }

    private static ConfigurationException wrong(String what) {
        return new ConfigurationException(
                NAME + ": " + what + " (expected: YAML, as in {lastcall: {drain: {grace-period: 60s}}}); mend it");
    }

    /** The keys of the nodes that were added. */
    private static final class Keys {
        private final Map<String, String> flat = new TreeMap<>();
        private int nodes;

        void add(String prefix, Node node, int depth) {
            if (depth > DEEPEST) {
                throw wrong("nested too deep");
            }
            if (++nodes > MOST_KEYS) {
                // Aliases of aliases unfold to any number.
                throw wrong("more than " + MOST_KEYS + " keys");
            }
            if (node instanceof MappingNode mapping) {
                for (NodeTuple each : mapping.getValue()) {
                    String key = key(each.getKeyNode());
                    add(prefix.isEmpty() ? key : prefix + "." + key, each.getValueNode(), depth + 1);
                }
            } else if (node instanceof SequenceNode sequence) {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    add(prefix + "[" + i + "]", sequence.getValue().get(i), depth + 1);
                }
            } else {
                flat.put(prefix, ((ScalarNode) node).getValue());
            }
        }

        private static String key(Node node) {
            if (node instanceof ScalarNode scalar) {
                return scalar.getValue();
            }
            throw wrong(at(node.getStartMark()) + "a list or a mapping as a key");
        }
    }

    /** No scalar is a number or a boolean: {@code 010}, {@code 1_000} and {@code on} are what they look like. */
    private static final class AsWritten extends Resolver {
        @Override
        protected void addImplicitResolvers() {}
    }
}

package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key with every kind of odd value, by -D or a file, and in the environment: refused in one form, or a value that the room gets. */
class ConfigMatrixTest {
    private static final DeclaredKeys KEYS = DeclaredKeys.of(Mappings.all());
    private static final Set<Form> FREE = Set.of(Form.ANYTHING, Form.TEXT, Form.PATTERN, Form.FILE_PATH);
    private static final Map<String, String> ODD = new LinkedHashMap<>();

    static {
        ODD.put("negative", "-1");
        ODD.put("negative duration", "-5s");
        ODD.put("zero", "0");
        ODD.put("zero duration", "0s");
        ODD.put("empty", "");
        ODD.put("blank", "  ");
        ODD.put("only a comma", ",");
        ODD.put("huge", "99999999999999999999");
        ODD.put("huge duration", "99999999d");
        ODD.put("overflowing duration", "999999999999999999d");
        ODD.put("huge size", "99T");
        ODD.put("overflowing size", "9999999999999T");
        ODD.put("wrong unit", "5 parsecs");
        ODD.put("wrong type", "maybe");
        ODD.put("fraction", "1.5");
        ODD.put("path", "/a b");
        ODD.put("address without host", "http://");
        ODD.put("address with a wrong port", "http://127.0.0.1:99999");
        ODD.put("a control character", "a\u0000b");
    }

    static Stream<Arguments> everyKey() {
        return KEYS.all().stream()
                .filter(key -> !key.key().contains("[*]"))
                .flatMap(key -> Stream.of("-D", "environment").map(way -> Arguments.of(key, way)));
    }

    @ParameterizedTest(name = "{1} {0}")
    @MethodSource("everyKey")
    void oddValueIsRefusedInOneFormOrIsAValue(DeclaredKey key, String way) {
        String name = key.key().replace("*", "x");
        ODD.forEach((kind, value) -> {
            SmallRyeConfig config = config(source(way, name, value), name);
            Map<String, String> faults = KEYS.faults(config);
            boolean refused = faults.containsKey(name);
            if (refused) {
                assertThat(faults.get(name))
                        .as(kind)
                        .startsWith(name + ": ")
                        .contains(" (expected: " + key.expected() + "); ")
                        .doesNotContain("\n");
            } else {
                assertThat(problems(config, key, name))
                        .as("%s of %s", kind, name)
                        .isEmpty();
            }
            assertThat(refused).as("%s of %s", kind, name).isEqualTo(mustBeRefused(key, kind, value, refused));
        });
    }

    /**
     * Whether a value must be refused, as far as any reader of the key's type can tell without knowing its bounds; the bounds themselves are beside
     * the key.
     */
    private static boolean mustBeRefused(DeclaredKey key, String kind, String value, boolean refused) {
        boolean any = key.form() == Form.ANYTHING;
        if (value.isBlank()) {
            return !any;
        }
        boolean number = Set.of(int.class, Integer.class, long.class, Long.class, double.class, Double.class)
                .contains(key.type());
        if (number || key.type() == Duration.class || key.type() == MemorySize.class) {
            boolean whole = !(key.type() == double.class && kind.equals("fraction"));
            return !(kind.startsWith("zero") || !whole) || refused;
        }
        if (key.type() == boolean.class) {
            return !Set.of("0").contains(value);
        }
        boolean strict = key.type().isEnum() || !FREE.contains(key.form());
        return (key.list() && value.equals(","))
                || (strict && (value.contains(" ") || value.contains("\u0000")))
                || refused;
    }

    private static ConfigSource source(String way, String name, String value) {
        return way.equals("-D")
                ? new PropertiesConfigSource(Map.of(name, value), "test", 400)
                : new EnvConfigSource(Map.of(variable(name), value), 300);
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** With what the map's entry needs besides. */
    private static SmallRyeConfig config(ConfigSource source, String name) {
        Map<String, String> more = new HashMap<>();
        if (name.startsWith("lastcall.tool.")) {
            more.put("lastcall.tool.x.url", "http://127.0.0.1/");
        }
        if (name.startsWith("lastcall.proxy.tcp.")) {
            more.put("lastcall.proxy.tcp.x.listen", "127.0.0.1:0");
            more.put("lastcall.proxy.tcp.x.upstream", "127.0.0.1:1");
        }
        // The name as a file would have it: an environment does not know where a word ends.
        if (name.contains(".x.")) {
            more.putIfAbsent(name, "unset");
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(source, new PropertiesConfigSource(more, "needed", 50))
                .withMappingIgnore("lastcall.**")
                .build();
    }

    private static List<String> problems(SmallRyeConfig config, DeclaredKey key, String name) {
        Class<?> mapping = Mappings.all()
                .filter(each -> key.key()
                        .startsWith(each.getAnnotation(ConfigMapping.class).prefix() + "."))
                .filter(each -> ConfigMappings.getProperties(ConfigClass.configClass(each))
                        .containsKey(key.key()))
                .findFirst()
                .orElseThrow();
        List<String> problems = new ArrayList<>();
        try {
            ConfigMappings.registerConfigMappings(config, Set.of(ConfigClass.configClass(mapping)));
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                if (e.getProblem(i).getMessage().contains(name)) {
                    problems.add(e.getProblem(i).getMessage());
                }
            }
        }
        return problems;
    }
}

package dev.lastcall.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All keys below {@code lastcall.}, as the mappings declare them, and what is wrong with the values that are set. Immutable. */
public final class DeclaredKeys {
    private static final Map<Class<?>, Class<?>> OPTIONALS =
            Map.of(OptionalInt.class, int.class, OptionalLong.class, long.class, OptionalDouble.class, double.class);

    private final Map<String, DeclaredKey> byKey = new TreeMap<>();

    private DeclaredKeys() {}

    /**
     * Returns the keys that mappings declare.
     *
     * @param types those with a {@link ConfigMapping} below {@code lastcall} count
     */
    public static DeclaredKeys of(Stream<Class<?>> types) {
        DeclaredKeys keys = new DeclaredKeys();
        types.filter(DeclaredKeys::isOurs).map(ConfigClass::configClass).forEach(keys::add);
        return keys;
    }

    private static boolean isOurs(Class<?> type) {
        ConfigMapping mapping = type.getAnnotation(ConfigMapping.class);
        return mapping != null && mapping.prefix().startsWith("lastcall");
    }

    private void add(ConfigClass mapping) {
        ConfigMappings.getProperties(mapping).forEach((key, property) -> {
            DeclaredKey declared = declared(key, property);
            if (declared != null) {
                byKey.put(key, declared);
            }
        });
    }

    /** Null for what has no value of its own. */
    private static @Nullable DeclaredKey declared(String key, Property property) {
        Method method = property.getMethod();
        Type type = method.getGenericReturnType();
        boolean optional = false;
        boolean list = false;
        if (type instanceof Class<?> raw && OPTIONALS.containsKey(raw)) {
            optional = true;
            type = OPTIONALS.get(raw);
        }
        if (isOf(type, Optional.class)) {
            optional = true;
            type = last(type);
        }
        if (isOf(type, Collection.class)) {
            list = !key.endsWith("[*]");
            type = last(type);
        }
        if (isOf(type, Map.class)) {
            type = last(type);
        }
        if (!(type instanceof Class<?> value) || value.isAnnotationPresent(ConfigMapping.class)) {
            return null;
        }
        Format format = method.getAnnotation(Format.class);
        WithDefault preset = method.getAnnotation(WithDefault.class);
        return new DeclaredKey(
                key,
                value,
                list,
                optional,
                preset == null ? null : preset.value(),
                format == null ? defaultForm(value) : format.value(),
                method.getAnnotation(Range.class));
    }

    private static Form defaultForm(Class<?> type) {
        if (type == Path.class) {
            return Form.FILE_PATH;
        }
        return type == URI.class ? Form.HTTP_URL : Form.TEXT;
    }

    private static boolean isOf(Type type, Class<?> raw) {
        return type instanceof ParameterizedType parameterized
                && raw.isAssignableFrom((Class<?>) parameterized.getRawType());
    }

    private static Type last(Type type) {
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    /** All keys, in their order. */
    public Collection<DeclaredKey> all() {
        return List.copyOf(byKey.values());
    }

    /** The key that a name of the configuration belongs to. */
    public Optional<DeclaredKey> find(String name) {
        DeclaredKey same = byKey.get(name);
        return same != null
                ? Optional.of(same)
                : byKey.values().stream()
                        .filter(each -> each.key().indexOf('*') >= 0)
                        .filter(each -> pattern(each.key()).matcher(name).matches())
                        .findFirst();
    }

    /** A key's names: {@code [*]} is an index, {@code *} a name of the user's, in quotes where it has dots. */
    static Pattern pattern(String key) {
        String form = Pattern.quote(key).replace("[*]", "\\E\\[\\d+]\\Q").replace("*", "\\E(?:\"[^\"]+\"|[^.\"]+)\\Q");
        return Pattern.compile(form);
    }

    /** Returns the faults of a configuration's values by key, each as {@code key: value (expected: …)}. */
    public Map<String, String> faults(SmallRyeConfig config) {
        Map<String, String> faults = new TreeMap<>();
        named(config).forEach((name, key) -> {
            String value = value(config, name);
            if (value != null) {
                key.fault(name, value).ifPresent(fault -> faults.put(name, fault));
            }
        });
        return faults;
    }

    /** The names that are set, or have a default, with their keys. */
    public Map<String, DeclaredKey> named(SmallRyeConfig config) {
        Map<String, DeclaredKey> named = new TreeMap<>();
        List<DeclaredKey> open = new ArrayList<>();
        for (DeclaredKey each : byKey.values()) {
            if (each.key().indexOf('*') < 0) {
                named.put(each.key(), each);
            } else {
                open.add(each);
            }
        }
        List<String> names = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith("lastcall."))
                .toList();
        for (DeclaredKey each : open) {
            Pattern pattern = pattern(each.key());
            names.stream().filter(name -> pattern.matcher(name).matches()).forEach(name -> named.put(name, each));
        }
        return named;
    }

    /** Null where there is none; an expression that leads nowhere is its own value. */
    static @Nullable String value(SmallRyeConfig config, String name) {
        try {
            return config.getConfigValue(name).getValue();
        } catch (NoSuchElementException e) {
            return "";
        }
    }
}

package dev.lastcall.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The values of all keys below {@code lastcall.} as they are in force, with where each came from; secrets are not shown. */
public final class ConfigInForce {
    private static final String UNSET = "";

    private ConfigInForce() {}

    /**
     * One key.
     *
     * @param value as written, masked; empty: there is none
     * @param source {@code default}, {@code environment}, {@code -D}, or the name of a file
     */
    public record Line(String key, String value, String source) {}

    /** All keys by name; those of programs, tools and ports where they are set. */
    public static List<Line> of(SmallRyeConfig config) {
        List<Line> lines = new ArrayList<>();
        DeclaredKeys.of(Mappings.all()).named(config).forEach((name, key) -> {
            if (!name.endsWith("[*]")) {
                lines.add(line(config, name, key));
            }
        });
        return lines;
    }

    private static Line line(SmallRyeConfig config, String name, DeclaredKey key) {
        ConfigValue found;
        try {
            found = config.getConfigValue(name);
        } catch (NoSuchElementException e) {
            return new Line(name, "(an expression that leads nowhere)", "");
        }
        String preset = key.defaultValue();
        if (found.getValue() == null) {
            return preset == null ? new Line(name, UNSET, "unset") : new Line(name, preset, "default");
        }
        return new Line(name, key.shown(name, found.getValue()), source(found.getConfigSourceName()));
    }

    private static String source(@Nullable String name) {
        if (name == null || name.contains("DefaultValues") || name.contains("Runtime Defaults")) {
            return "default";
        }
        if (name.startsWith("SysProp")) {
            return "-D";
        }
        if (name.contains("EnvConfigSource") || name.contains(VariableSource.NAME)) {
            return "environment";
        }
        // PropertiesConfigSource[source=file:/…/config/application.properties]
        return name.replaceFirst("^\\w+\\[source=(.*)]$", "$1");
    }
}

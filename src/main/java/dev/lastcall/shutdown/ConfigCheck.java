package dev.lastcall.shutdown;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** Checks at the start what no single key's type can: keys that nobody reads, numbers that do not fit together. */
@Singleton
final class ConfigCheck {
    private static final Logger LOG = Logger.getLogger(ConfigCheck.class);
    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final Pattern SECRET = Pattern.compile("(?i).*(key|token|secret|password|credential).*");

    private final BeanManager beans;
    private final SmallRyeConfig config;
    private final DrainConfig drain;

    ConfigCheck(BeanManager beans, SmallRyeConfig config, DrainConfig drain) {
        this.beans = beans;
        this.config = config;
        this.drain = drain;
    }

    /** @throws ConfigurationException naming every wrong key with its value and what was expected */
    void check() {
        List<String> problems = new ArrayList<>(unknownKeys(KnownKeys.of(mappings())));
        try {
            DrainBeans.from(drain);
        } catch (IllegalArgumentException e) {
            problems.add(DrainBeans.PREFIX + e.getMessage());
        }
        QuarkusShutdownWaits.ignored(config).ifPresent(LOG::warn);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
    }

    /** Every mapping that is injected somewhere is a bean: a room's keys are known by its injecting them. */
    private Stream<Class<?>> mappings() {
        return beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .flatMap(bean -> bean.getTypes().stream())
                .<Class<?>>mapMulti((type, each) -> {
                    if (type instanceof Class<?> mapping) {
                        each.accept(mapping);
                    }
                })
                .distinct();
    }

    private Set<String> unknownKeys(KnownKeys known) {
        Set<String> problems = new TreeSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource) {
                source.getPropertyNames().forEach(name -> warnIfUnknown(name, known));
            } else {
                for (String name : source.getPropertyNames()) {
                    String key = PROFILE.matcher(name).replaceFirst("");
                    if (key.startsWith("lastcall.") && !known.knows(key)) {
                        problems.add(unknown(key, source.getValue(name), known));
                    }
                }
            }
        }
        return problems;
    }

    private static String unknown(String key, String value, KnownKeys known) {
        String shown = SECRET.matcher(key).matches() ? "(not shown)" : value;
        String hint =
                known.nearest(key).map(near -> "; did you mean " + near + "?").orElse("");
        return key + ": " + shown + " (expected: a known key" + hint + ")";
    }

    /** Only a warning: a Kubernetes Service named lastcall puts {@code LASTCALL_PORT} into the environment of every pod beside it. */
    private static void warnIfUnknown(String name, KnownKeys known) {
        if (name.startsWith("LASTCALL_") && !known.knowsVariable(name)) {
            LOG.warnf("%s in the environment is no key of ours and is ignored", name);
        }
    }
}

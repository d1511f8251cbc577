package dev.lastcall.shutdown;

import dev.lastcall.config.DeclaredKeys;
import dev.lastcall.config.Mappings;
import dev.lastcall.config.YamlVariable;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** Checks at the start what no single key's type can: keys that nobody reads, numbers that do not fit together. */
@Singleton
final class ConfigCheck {
    private static final Logger LOG = Logger.getLogger(ConfigCheck.class);

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
        KnownKeys known = KnownKeys.of(Stream.concat(mappings(), Mappings.all()));
        List<String> problems = ConfigProblem.all(config, known);
        if (problems.stream().noneMatch(each -> each.startsWith(DrainBeans.PREFIX))) {
            try {
                DrainBeans.from(drain);
            } catch (IllegalArgumentException e) {
                problems.add(DrainBeans.PREFIX + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
        warnOfVariables(known);
        QuarkusShutdownWaits.ignored(config).ifPresent(LOG::warn);
        Relations.of(config).forEach(LOG::warn);
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

    /** Only a warning: a Kubernetes Service named lastcall puts {@code LASTCALL_PORT} into the environment of every pod beside it. */
    private void warnOfVariables(KnownKeys known) {
        UsedVariables used =
                new UsedVariables(DeclaredKeys.of(Mappings.all()).named(config).keySet());
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource) {
                source.getPropertyNames().stream()
                        .filter(name -> name.startsWith("LASTCALL_") && !name.equals(YamlVariable.NAME))
                        .forEach(name -> warnOf(name, known.knowsVariable(name), used.has(name)));
            }
        }
    }

    private static void warnOf(String variable, boolean known, boolean used) {
        if (!known) {
            LOG.warnf("%s in the environment is no key of ours and is ignored", variable);
        } else if (!used) {
            LOG.warnf(
                    "%s in the environment gives nothing: nothing of that name is configured (expected: its command,"
                            + " url or listen too, or the name as it is written elsewhere)",
                    variable);
        }
    }
}

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** Checks at the start what no single key's type can: keys that nobody reads, numbers that do not fit together. */
@Singleton
final class ConfigCheck implements StartCheck {
    private static final Logger LOG = Logger.getLogger(ConfigCheck.class);

    private final BeanManager beans;
    private final SmallRyeConfig config;
    private final DrainConfig drain;

    ConfigCheck(BeanManager beans, SmallRyeConfig config, DrainConfig drain) {
        this.beans = beans;
        this.config = config;
        this.drain = drain;
    }

    @Override
    public void check() {
        KnownKeys known = KnownKeys.of(Stream.concat(mappings(), Mappings.all()));
        List<String> problems = problems(config, known, drain);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
        warnings(config, known).forEach(LOG::warn);
        ProfilePresets.line(config).ifPresent(LOG::info);
    }

    /** Returns what must be mended: values out of their range, unknown keys, and a drain whose stages do not fit its budget. */
    static List<String> problems(SmallRyeConfig config, KnownKeys known, DrainConfig drain) {
        List<String> problems = ConfigProblem.all(config, known);
        if (problems.stream().noneMatch(each -> each.startsWith(DrainBeans.PREFIX))) {
            try {
                DrainBeans.from(drain);
            } catch (IllegalArgumentException e) {
                problems.add(DrainBeans.PREFIX + e.getMessage());
            }
        }
        return problems;
    }

    /** Returns warnings of what is accepted, and hardly meant: variables that give nothing, settings that have no effect or do not fit each other. */
    static List<String> warnings(SmallRyeConfig config, KnownKeys known) {
        List<String> warnings = new ArrayList<>(ofVariables(config, known));
        QuarkusShutdownWaits.ignored(config).ifPresent(warnings::add);
        warnings.addAll(Relations.of(config));
        return warnings;
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
    private static List<String> ofVariables(SmallRyeConfig config, KnownKeys known) {
        UsedVariables used =
                new UsedVariables(DeclaredKeys.of(Mappings.all()).named(config).keySet());
        List<String> warnings = new ArrayList<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource) {
                source.getPropertyNames().stream()
                        .filter(name -> name.startsWith("LASTCALL_") && !name.equals(YamlVariable.NAME))
                        .sorted()
                        .forEach(name -> ofVariable(name, known.knowsVariable(name), used.has(name))
                                .ifPresent(warnings::add));
            }
        }
        return warnings;
    }

    private static Optional<String> ofVariable(String variable, boolean known, boolean used) {
        if (!known) {
            return Optional.of(variable + " in the environment is no key of ours and is ignored");
        }
        return used
                ? Optional.empty()
                : Optional.of(
                        variable + " in the environment gives nothing: nothing of that name is configured (expected:"
                                + " its command, url or listen too, or the name as it is written elsewhere)");
    }
}

package dev.lastcall.shutdown;

import dev.lastcall.config.DeclaredKeys;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Checks the keys of the library; what else is below {@code lastcall} is the application's own. */
@Singleton
final class LibraryConfigCheck implements StartCheck {
    private static final Logger LOG = Logger.getLogger(LibraryConfigCheck.class);

    private final SmallRyeConfig config;
    private final DrainConfig drain;

    LibraryConfigCheck(SmallRyeConfig config, DrainConfig drain) {
        this.config = config;
        this.drain = drain;
    }

    @Override
    public void check() {
        Stream<Class<?>> mappings = Stream.of(DrainConfig.class, ReportConfig.class);
        List<String> problems =
                new ArrayList<>(DeclaredKeys.of(mappings).faults(config).values());
        if (problems.isEmpty()) {
            try {
                DrainBeans.from(drain);
            } catch (IllegalArgumentException e) {
                problems.add(DrainBeans.PREFIX + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(String.join("\n", problems));
        }
        QuarkusShutdownWaits.ignored(config).ifPresent(LOG::warn);
        ProfilePresets.line(config).ifPresent(LOG::info);
    }
}

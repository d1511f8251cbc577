package dev.lastcall.shutdown;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Quarkus' own waits before an exit, which are empty wherever they are set. They would begin after the drain has used the one budget: what they
 * wait for is over or was told to go, a WebSocket is waited for until they end, and the deadline comes before the release.
 */
@Priority(Priorities.APPLICATION + 1000)
public final class QuarkusShutdownWaits implements ConfigSourceInterceptor {
    @Serial
    private static final long serialVersionUID = 1;

    private static final List<String> NAMES = List.of("quarkus.shutdown.timeout", "quarkus.shutdown.delay");

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        return NAMES.contains(name) ? null : context.proceed(name);
    }

    /** One line that names what is set and ignored; empty where nothing is. */
    static Optional<String> ignored(SmallRyeConfig config) {
        Map<String, String> found = new TreeMap<>();
        for (ConfigSource source : config.getConfigSources()) {
            for (String name : NAMES) {
                String value = source.getValue(name);
                if (value != null && !value.isBlank()) {
                    found.putIfAbsent(name, value);
                }
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(line(found));
    }

    private static String line(Map<String, String> found) {
        return found.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining(" and "))
                + " would wait behind the drain and is ignored: lastcall.drain.grace-period is the one budget";
    }
}

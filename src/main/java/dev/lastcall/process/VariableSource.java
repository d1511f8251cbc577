package dev.lastcall.process;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings of programs whose names have underscores, from the environment. */
public final class VariableSource implements ConfigSourceFactory {
    /** The environment's own. */
    private static final int ORDINAL = 300;

    private static final Set<String> KEYS = Set.of(
            "command",
            "env",
            "working-dir",
            "ready-pattern",
            "ready-url",
            "ready-timeout",
            "stop-signal",
            "stop-scope",
            "second-signal",
            "second-signal-after",
            "stop-timeout",
            "forward-signals",
            "restart",
            "max-restarts",
            "restart-delay");

    /** For the service loader. */
    public VariableSource() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return sources(context, System.getenv());
    }

    static List<ConfigSource> sources(ConfigSourceContext context, Map<String, String> environment) {
        List<String> known = new ArrayList<>();
        for (Iterator<String> names = context.iterateNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.startsWith("lastcall.process.") && !isEnvironment(context, name)) {
                known.add(name);
            }
        }
        Map<String, String> keys = VariableNames.keys(environment, KEYS, known);
        return keys.isEmpty()
                ? Collections.emptyList()
                : List.of(new PropertiesConfigSource(keys, "environment variables of programs", ORDINAL));
    }

    /** The environment's own guesses name no program: {@code lastcall.process.web.app.command}. */
    private static boolean isEnvironment(ConfigSourceContext context, String name) {
        String source = context.getValue(name).getConfigSourceName();
        return source != null && source.startsWith("EnvConfigSource");
    }

    /** Behind the application's own files, whose names of programs count. */
    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(1);
    }
}

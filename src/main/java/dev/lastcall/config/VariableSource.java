package dev.lastcall.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Settings of programs, tools and TCP ports whose names have underscores, from the environment. */
public final class VariableSource implements ConfigSourceFactory {
    static final String NAME = "environment variables with names of the user's";
    /** The environment's own. */
    private static final int ORDINAL = 300;

    /** For the service loader. */
    public VariableSource() {}

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return sources(context, System.getenv());
    }

    /** The source that this environment makes; none where it has nothing to add. */
    public static List<ConfigSource> sources(ConfigSourceContext context, Map<String, String> environment) {
        if (environment.keySet().stream().noneMatch(name -> name.startsWith("LASTCALL_"))) {
            return Collections.emptyList();
        }
        List<String> known = new ArrayList<>();
        for (Iterator<String> names = context.iterateNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.startsWith("lastcall.") && !isEnvironment(context, name)) {
                known.add(name);
            }
        }
        Map<String, String> keys = new HashMap<>();
        VariableNames.ALL.forEach(each -> keys.putAll(each.keys(environment, known)));
        return keys.isEmpty() ? Collections.emptyList() : List.of(new PropertiesConfigSource(keys, NAME, ORDINAL));
    }

    /** The environment's own guesses name nothing: {@code lastcall.process.web.app.command}. */
    private static boolean isEnvironment(ConfigSourceContext context, String name) {
        String source = context.getValue(name).getConfigSourceName();
        return source != null && source.startsWith("EnvConfigSource");
    }

    /** Behind the application's own files, whose names count. */
    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(1);
    }
}

package dev.lastcall.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps environment variables to keys that contain a name of the user's, since such a name may contain underscores and a configuration does
 * not know where it ends. {@code LASTCALL_PROCESS_WEB_APP_COMMAND} is {@code command} of the program that was named elsewhere and has these
 * letters ({@code web_app}); where there is none, of {@code web-app}; of tools, whose names are those of functions, {@code web_app}.
 *
 * @param prefix of the keys, {@code lastcall.process.}
 * @param keys behind the name
 * @param joint what an underscore of a name stands for
 */
public record VariableNames(String prefix, Set<String> keys, char joint) {
    /** The beginning of the names of the supervised programs' variables. */
    public static final String PROCESS = "LASTCALL_PROCESS_";

    static final List<VariableNames> ALL = List.of(
            new VariableNames(
                    "lastcall.process.",
                    Set.of(
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
                            "restart-delay"),
                    '-'),
            new VariableNames(
                    "lastcall.tool.",
                    Set.of("url", "description", "schema", "idempotent", "timeout", "max-answer"),
                    '_'),
            new VariableNames("lastcall.proxy.tcp.", Set.of("listen", "upstream"), '-'));

    private static final Pattern INDEXED = Pattern.compile("(.+)_(COMMAND|ENV|FORWARD_SIGNALS)_(\\d+)_");
    private static final Pattern VARIABLE = Pattern.compile(".+?_ENV_.+");

    /** The keys and values that a configuration does not find by itself. */
    Map<String, String> keys(Map<String, String> environment, Collection<String> known) {
        Pattern name = Pattern.compile(Pattern.quote(prefix) + "(?:\"([^\"]+)\"|([^.\"]+))\\.[a-z].*");
        Set<String> named = known.stream()
                .map(name::matcher)
                .filter(Matcher::matches)
                .map(key -> form(key.group(1) != null ? key.group(1) : key.group(2)))
                .collect(Collectors.toSet());
        String variables = form(prefix);
        Map<String, String> found = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(variables)) {
                key(variable.substring(variables.length()), named).ifPresent(key -> found.put(prefix + key, value));
            }
        });
        return found;
    }

    private Optional<String> key(String rest, Set<String> named) {
        Matcher indexed = INDEXED.matcher(rest);
        if (isPrograms() && indexed.matches()) {
            String key = indexed.group(2).toLowerCase(Locale.ROOT).replace('_', '-') + "[" + indexed.group(3) + "]";
            return ofNamed(indexed.group(1), key, named);
        }
        if (isPrograms() && VARIABLE.matcher(rest).matches()) {
            // One of the program's own variables: read where its name is known.
            return Optional.empty();
        }
        // The longest, since ENV is the end of no other key but READY_URL of the program "x" is not URL of "x-ready".
        return keys.stream()
                .filter(key -> rest.endsWith("_" + form(key)))
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .flatMap(key ->
                        ofNamed(rest.substring(0, rest.length() - form(key).length() - 1), key, named));
    }

    private boolean isPrograms() {
        return keys.contains("command");
    }

    private Optional<String> ofNamed(String name, String key, Set<String> named) {
        boolean needed = name.indexOf('_') > 0 && !named.contains(name);
        return needed ? Optional.of(name.toLowerCase(Locale.ROOT).replace('_', joint) + "." + key) : Optional.empty();
    }

    /** A name as a part of an environment variable's. */
    public static String form(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}

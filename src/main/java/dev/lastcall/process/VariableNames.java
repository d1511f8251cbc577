package dev.lastcall.process;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps environment variables below {@code LASTCALL_PROCESS_} to keys, since a program's name may contain underscores and a configuration
 * does not know where it ends. {@code LASTCALL_PROCESS_WEB_APP_COMMAND} is {@code command} of the program that was named elsewhere and has
 * these letters ({@code web_app}); where there is none, of {@code web-app}.
 */
final class VariableNames {
    static final String PREFIX = "LASTCALL_PROCESS_";
    private static final String KEY_PREFIX = "lastcall.process.";

    private static final Pattern INDEXED = Pattern.compile("(.+)_(COMMAND|ENV)_(\\d+)_");
    private static final Pattern VARIABLE = Pattern.compile(".+?_ENV_.+");
    private static final Pattern PROGRAM = Pattern.compile("lastcall\\.process\\.(?:\"([^\"]+)\"|([^.\"]+))\\.[a-z].*");

    private VariableNames() {}

    /** The keys and values that a configuration does not find by itself. */
    static Map<String, String> keys(Map<String, String> environment, Set<String> keys, Collection<String> known) {
        Set<String> named = known.stream()
                .map(PROGRAM::matcher)
                .filter(Matcher::matches)
                .map(program -> form(program.group(1) != null ? program.group(1) : program.group(2)))
                .collect(Collectors.toSet());
        Map<String, String> found = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                key(name.substring(PREFIX.length()), keys, named).ifPresent(key -> found.put(KEY_PREFIX + key, value));
            }
        });
        return found;
    }

    private static Optional<String> key(String rest, Set<String> keys, Set<String> named) {
        Matcher indexed = INDEXED.matcher(rest);
        if (indexed.matches()) {
            String key = indexed.group(2).toLowerCase(Locale.ROOT) + "[" + indexed.group(3) + "]";
            return ofProgram(indexed.group(1), key, named);
        }
        if (VARIABLE.matcher(rest).matches()) {
            // One of the program's own variables: read where its name is known.
            return Optional.empty();
        }
        // The longest, since ENV is the end of no other key but READY_URL of the program "x" is not URL of "x-ready".
        return keys.stream()
                .filter(key -> rest.endsWith("_" + form(key)))
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .flatMap(key ->
                        ofProgram(rest.substring(0, rest.length() - form(key).length() - 1), key, named));
    }

    private static Optional<String> ofProgram(String program, String key, Set<String> named) {
        boolean needed = program.indexOf('_') > 0 && !named.contains(program);
        return needed ? Optional.of(program.toLowerCase(Locale.ROOT).replace('_', '-') + "." + key) : Optional.empty();
    }

    /** A name as a part of an environment variable's. */
    static String form(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}

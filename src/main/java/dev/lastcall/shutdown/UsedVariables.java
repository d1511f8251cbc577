package dev.lastcall.shutdown;

import dev.lastcall.config.VariableNames;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables that a configuration has taken something from. Immutable. */
final class UsedVariables {
    private static final Pattern PROGRAM =
            Pattern.compile("lastcall\\.process\\.(?:\"([^\"]+)\"|([^.\"]+))\\.command.*");

    private final Set<String> keys;
    private final Set<String> beginnings;

    /** @param names of the keys that are set or have a default */
    UsedVariables(Set<String> names) {
        keys = names.stream().map(VariableNames::form).collect(Collectors.toSet());
        beginnings = names.stream()
                .map(PROGRAM::matcher)
                .filter(Matcher::matches)
                .map(key -> key.group(1) != null ? key.group(1) : key.group(2))
                .map(name -> VariableNames.PROCESS + VariableNames.form(name) + "_ENV_")
                .collect(Collectors.toSet());
    }

    /** Whether this variable is a key's, or one that a program gets. */
    boolean has(String variable) {
        return keys.contains(variable) || beginnings.stream().anyMatch(variable::startsWith);
    }
}

package dev.lastcall.process;

import dev.lastcall.config.SecretMask;
import dev.lastcall.config.VariableNames;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment variables of one program besides our own: by {@code env.NAME=value}, by the list {@code env=NAME=value,…}, and by
 * {@code LASTCALL_PROCESS_<PROGRAM>_ENV_<NAME>} of our own environment. A configuration makes names of environment variables lower case and
 * their underscores dots; here each keeps its name.
 */
final class ProgramEnvironment {
    private ProgramEnvironment() {}

    /**
     * All of them; a later form wins: ours, the list, the single ones.
     *
     * @param program its name
     * @param ours the environment of this process
     * @throws IllegalArgumentException naming the key behind the program's, its value and what was expected
     */
    static Map<String, String> of(String program, ProcessConfig.Settings settings, Map<String, String> ours) {
        Map<String, String> all = new TreeMap<>(named(program, ours));
        for (String each : settings.envList().orElse(List.of())) {
            int equals = each.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "env: " + SecretMask.of(each) + " (expected: NAME=value,NAME=value)");
            }
            all.put(each.substring(0, equals).strip(), each.substring(equals + 1));
        }
        Map<String, String> fromOurs = named(program, ours);
        settings.env().forEach((name, value) -> {
            requireName(name);
            if (!isMadeOf(fromOurs, name)) {
                all.put(name, value.text());
            }
        });
        return all;
    }

    private static Map<String, String> named(String program, Map<String, String> ours) {
        String prefix = VariableNames.PROCESS + VariableNames.form(program) + "_ENV_";
        Map<String, String> named = new TreeMap<>();
        ours.forEach((name, value) -> {
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                named.put(name.substring(prefix.length()), value);
            }
        });
        return named;
    }

    /** Whether the configuration read this name out of a variable that is known by its own name. */
    private static boolean isMadeOf(Map<String, String> variables, String name) {
        boolean written = variables.containsKey(name) || !name.equals(name.toLowerCase(Locale.ROOT));
        return !written
                && variables.keySet().stream()
                        .anyMatch(each -> VariableNames.form(each).equals(VariableNames.form(name)));
    }

    private static void requireName(String name) {
        if (name.isBlank() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("env." + name + ": (expected: a name without =)");
        }
    }
}

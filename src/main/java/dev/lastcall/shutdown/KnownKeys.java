package dev.lastcall.shutdown;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys below {@code lastcall.}, as the mappings declare them: {@code *} stands for a name of the user's, {@code [*]} for an index. */
final class KnownKeys {
    private final Set<String> keys;
    private final Pattern dotted;
    private final Pattern environment;

    /** @param keys at least one */
    KnownKeys(Set<String> keys) {
        this.keys = new TreeSet<>(keys);
        dotted = anyOf(keys.stream().map(KnownKeys::dottedForm));
        environment = anyOf(keys.stream().map(KnownKeys::environmentForm));
    }

    /** @param mappings types among which those with a {@link ConfigMapping} below {@code lastcall} count */
    static KnownKeys of(Stream<Class<?>> mappings) {
        return new KnownKeys(mappings.filter(KnownKeys::isOurs)
                .map(ConfigClass::configClass)
                .flatMap(type -> ConfigMappings.getProperties(type).keySet().stream())
                .collect(Collectors.toSet()));
    }

    private static boolean isOurs(Class<?> type) {
        ConfigMapping mapping = type.getAnnotation(ConfigMapping.class);
        return mapping != null && mapping.prefix().startsWith("lastcall");
    }

    boolean knows(String key) {
        return dotted.matcher(key).matches();
    }

    /** Whether this environment variable stands for a known key: {@code LASTCALL_DRAIN_GRACE_PERIOD}. */
    boolean knowsVariable(String name) {
        return environment.matcher(name).matches();
    }

    /** The known key that is most like this one, unless it is another word altogether. */
    Optional<String> nearest(String key) {
        return keys.stream()
                .min(Comparator.comparingInt(known -> edits(known, key)))
                .filter(known -> edits(known, key) <= 3);
    }

    private static Pattern anyOf(Stream<String> forms) {
        return Pattern.compile(forms.collect(Collectors.joining("|")));
    }

    private static String dottedForm(String key) {
        return Pattern.quote(key).replace("[*]", "\\E\\[\\d+]\\Q").replace("*", "\\E(\"[^\"]+\"|[^.\"]+)\\Q");
    }

    private static String environmentForm(String key) {
        String upper = key.toUpperCase(Locale.ROOT).replace("[*]", "_#_").replaceAll("[^A-Z0-9*#]", "_");
        return upper.replace("#", "\\d+").replace("*", ".+");
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}

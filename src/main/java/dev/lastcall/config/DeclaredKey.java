package dev.lastcall.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key as its mapping declares it: what its values may be. Immutable.
 *
 * @param key {@code *} stands for a name of the user's
 * @param type of the value, or of each entry of a list
 * @param optional whether the key may be left out though it has no default
 */
public record DeclaredKey(
        String key,
        Class<?> type,
        boolean list,
        boolean optional,
        @Nullable String defaultValue,
        Form form,
        @Nullable Range range) {
    private static final Pattern SECRET =
            Pattern.compile("(?i).*\\.[^.]*(key|token|secret|passw|pwd|credential|private|auth)[^.]*");
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "y", "on");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "n", "off");

    /** Whether a value is not to be shown. */
    public boolean isSecret() {
        return form.isSecret();
    }

    /** A value as it may be shown; a program's variable is none of ours, and its name may tell that it is a secret. */
    public String shown(String name, String value) {
        if (value.isBlank()) {
            return "(nothing)";
        }
        boolean secretVariable = form == Form.ANYTHING && SECRET.matcher(name).matches();
        return isSecret() || secretVariable ? "(not shown)" : SecretMask.of(value);
    }

    /** Says what is wrong with a value, as {@code key: value (expected: …)}; empty where nothing is. */
    Optional<String> fault(String name, String value) {
        List<String> parts = parts(value);
        boolean nothing = value.isBlank()
                || parts.isEmpty()
                || (list && value.replace(",", "").isBlank());
        boolean fits = form == Form.ANYTHING || (!nothing && parts.stream().allMatch(this::accepts));
        return fits ? Optional.empty() : Optional.of(line(name, value));
    }

    private String line(String name, String value) {
        return name + ": " + shown(name, value) + " (expected: " + expected() + "); " + remedy();
    }

    private String remedy() {
        if (defaultValue != null && !defaultValue.isEmpty()) {
            return "mend it, or leave it out for " + defaultValue;
        }
        return optional ? "mend it, or leave it out" : "mend it";
    }

    /** Returns a description of the values that are accepted. */
    public String expected() {
        Bounds<?> bounds = Bounds.of(type, range);
        String one;
        if (bounds != null) {
            one = bounds.expected();
        } else if (type == boolean.class || type == Boolean.class) {
            one = "true or false";
        } else {
            one = type.isEnum() ? "one of " + String.join(", ", choices()) : form.expected();
        }
        return list ? one + "; several separated by commas" : one;
    }

    /** The names among which a value is; empty where it is none of an enum. */
    public List<String> choices() {
        return type.isEnum()
                ? Stream.of(type.getEnumConstants())
                        .map(each ->
                                ((Enum<?>) each).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList()
                : List.of();
    }

    private List<String> parts(String value) {
        // As SmallRye Config splits: a comma within an entry is written with a backslash before it.
        // Any text: a command, whose commas are its own, may also be a list.
        return list && form != Form.TEXT
                ? Stream.of(value.split("(?<!\\\\),"))
                        .map(part -> part.replace("\\,", ","))
                        .filter(part -> !part.isEmpty())
                        .toList()
                : List.of(value);
    }

    private boolean accepts(String part) {
        Bounds<?> bounds = Bounds.of(type, range);
        if (bounds != null) {
            return bounds.contains(part);
        }
        if (type == boolean.class || type == Boolean.class) {
            String word = part.strip().toLowerCase(Locale.ROOT);
            return TRUE.contains(word) || FALSE.contains(word);
        }
        if (type.isEnum()) {
            Set<String> names = choices().stream().collect(Collectors.toSet());
            return names.contains(part.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return form.accepts(part);
    }
}

package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One change of a finding's mend.
 *
 * @param steps the keys from the object's root, {@code [0]} for an element of a list and {@code [+]} for a new one
 * @param value maps, lists and scalars; null removes what is there
 */
public record Edit(
        Document document, List<String> steps, @Nullable Object value) {
    /** Copies the value with its keys in order, so that the same patch is printed each time. */
    public Edit {
        value = ordered(value);
    }

    private static @Nullable Object ordered(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(String.valueOf(key), ordered(each)));
            return sorted;
        }
        return value instanceof List<?> list ? list.stream().map(Edit::ordered).toList() : value;
    }

    /** Writes a value at a place, replacing what is there. */
    static Edit set(Document document, Field place, Object value) {
        return new Edit(document, place.steps(), value);
    }

    /** Appends an element to a list, which may not be there yet. */
    static Edit add(Document document, Field list, Object element) {
        List<String> steps = new ArrayList<>(list.steps());
        steps.add("[+]");
        return new Edit(document, steps, element);
    }

    /** Takes away what is written at a place. */
    static Edit remove(Document document, Field place) {
        return new Edit(document, place.steps(), null);
    }

    /** Gives a container's environment this variable. */
    static Edit variable(Document document, Field container, String name, String value) {
        Map<String, Object> entry = Map.of("name", name, "value", value);
        Field environment = container.at("env");
        for (Field each : environment.items()) {
            if (each.at("name").is(name)) {
                return new Edit(document, each.steps(), entry);
            }
        }
        return add(document, environment, entry);
    }
}

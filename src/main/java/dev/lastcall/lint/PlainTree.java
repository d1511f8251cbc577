package dev.lastcall.lint;

import dev.lastcall.lint.check.Edit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object as maps and lists that edits are made to. What an edit's path lacks is made on the way. */
final class PlainTree {
    private static final String APPENDED = "[+]";

    private final Map<String, @Nullable Object> content;
    private final Set<List<@Nullable Object>> holed = Collections.newSetFromMap(new IdentityHashMap<>());

    PlainTree(@Nullable Object content) {
        this.content = map(content);
    }

    /** Returns the content with all edits applied. */
    Map<String, @Nullable Object> content() {
        holed.forEach(list -> list.removeIf(Objects::isNull));
        holed.clear();
        return content;
    }

    void apply(Edit edit) {
        apply(content, edit.steps(), edit.value());
    }

    private @Nullable Object apply(@Nullable Object place, List<String> steps, @Nullable Object value) {
        if (steps.isEmpty()) {
            return value;
        }
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        if (!step.startsWith("[")) {
            Map<String, @Nullable Object> map = map(place);
            put(map, step, apply(map.get(step), rest, value));
            return map;
        }
        List<@Nullable Object> list = list(place);
        if (step.equals(APPENDED)) {
            // Two findings may ask for one new entry.
            if (!list.contains(value)) {
                list.add(value);
            }
            return list;
        }
        int index = Integer.parseInt(step.substring(1, step.length() - 1));
        if (index < list.size()) {
            // Removed ones stay as holes, so that the places of the others hold until all edits are made.
            Object changed = apply(list.get(index), rest, value);
            list.set(index, changed);
            if (changed == null) {
                holed.add(list);
            }
        }
        return list;
    }

    private static void put(Map<String, @Nullable Object> map, String key, @Nullable Object value) {
        if (value == null) {
            map.remove(key);
        } else {
            map.put(key, value);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(@Nullable Object place) {
        return place instanceof Map ? (Map<String, @Nullable Object>) place : new LinkedHashMap<>();
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> list(@Nullable Object place) {
        return place instanceof List ? (List<@Nullable Object>) place : new ArrayList<>();
    }
}

package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The patch that turns one object into another: fields that differ, null for those that go, and of lists whose elements have a name only the
 * elements that differ. Of kinds that are not Kubernetes' own nobody knows the names, so their lists are written whole.
 */
final class StrategicMerge {
    /** The key of each list's elements, as the types of Kubernetes declare it. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "containers", List.of("name"),
            "initContainers", List.of("name"),
            "env", List.of("name"),
            "volumes", List.of("name"),
            "ports", List.of("containerPort", "port"));

    private static final String DIRECTIVE = "$patch";

    private final boolean named;

    private StrategicMerge(boolean named) {
        this.named = named;
    }

    /** @param named whether the kind is one of Kubernetes' own */
    static StrategicMerge of(boolean named) {
        return new StrategicMerge(named);
    }

    @Nullable
    Object difference(@Nullable Object before, @Nullable Object after) {
        return difference("", before, after);
    }

    private @Nullable Object difference(String key, @Nullable Object before, @Nullable Object after) {
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> young) {
            return maps(old, young);
        }
        if (named
                && before instanceof List<?> old
                && after instanceof List<?> young
                && keyOf(key, old).isPresent()) {
            return lists(keyOf(key, old).get(), old, young);
        }
        return after;
    }

    private Map<String, @Nullable Object> maps(Map<?, ?> before, Map<?, ?> after) {
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        after.forEach((key, value) -> {
            Object old = before.get(key);
            if (!Objects.equals(old, value)) {
                patch.put(String.valueOf(key), difference(String.valueOf(key), old, value));
            }
        });
        before.keySet().stream()
                .filter(key -> before.get(key) != null && !after.containsKey(key))
                .forEach(key -> patch.put(String.valueOf(key), null));
        return patch;
    }

    private List<Object> lists(String name, List<?> before, List<?> after) {
        List<Object> patch = new ArrayList<>();
        for (Object element : after) {
            if (element instanceof Map<?, ?> young) {
                Object old = find(before, name, young.get(name));
                if (old instanceof Map<?, ?> known && !known.equals(young)) {
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    one.put(name, young.get(name));
                    one.putAll(maps(known, young));
                    patch.add(one);
                } else if (old == null) {
                    patch.add(young);
                }
            }
        }
        for (Object element : before) {
            if (element instanceof Map<?, ?> old && find(after, name, old.get(name)) == null) {
                patch.add(Map.of(DIRECTIVE, "delete", name, Objects.requireNonNull(old.get(name))));
            }
        }
        return patch;
    }

    private static @Nullable Object find(List<?> list, String name, @Nullable Object value) {
        return list.stream()
                .filter(each -> each instanceof Map<?, ?> map && Objects.equals(map.get(name), value))
                .findFirst()
                .orElse(null);
    }

    /** Returns the key that a list is merged by; none where an element lacks it: such a list cannot be merged. */
    private static Optional<String> keyOf(String list, List<?> elements) {
        return KEYS.getOrDefault(list, List.of()).stream()
                .filter(name ->
                        elements.stream().allMatch(each -> each instanceof Map<?, ?> map && map.get(name) != null))
                .findFirst();
    }
}

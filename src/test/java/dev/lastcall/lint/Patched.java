package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;

/** Manifests with a strategic merge laid over them, as {@code kubectl patch} does it. */
final class Patched {
    private static final List<String> NAMED = List.of("containers", "initContainers", "env", "volumes");

    private Patched() {}

    static String of(String manifests, String patches) {
        List<Object> result = new ArrayList<>();
        List<Object> changes = read(patches);
        for (Object object : read(manifests)) {
            Object patched = object;
            for (Object patch : changes) {
                if (isFor(object, patch)) {
                    patched = merged("", patched, patch);
                }
            }
            result.add(patched);
        }
        DumperOptions options = new DumperOptions();
        options.setDereferenceAliases(true);
        return new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options)
                .dumpAll(result.iterator());
    }

    private static List<Object> read(String text) {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text).forEach(each -> {
            if (each != null) {
                documents.add(each);
            }
        });
        return documents;
    }

    private static boolean isFor(Object object, Object patch) {
        return Objects.equals(identity(object), identity(patch));
    }

    private static List<String> identity(Object object) {
        Map<?, ?> fields = (Map<?, ?>) object;
        Map<?, ?> metadata = (Map<?, ?>) Objects.requireNonNull(fields.get("metadata"));
        return List.of(String.valueOf(fields.get("kind")), String.valueOf(metadata.get("name")));
    }

    private static Object merged(String key, Object base, Object patch) {
        if (base instanceof Map<?, ?> old && patch instanceof Map<?, ?> changes) {
            Map<Object, Object> result = new LinkedHashMap<>(old);
            changes.forEach((name, value) -> {
                if (value == null) {
                    result.remove(name);
                } else {
                    result.put(
                            name, result.containsKey(name) ? merged(name.toString(), result.get(name), value) : value);
                }
            });
            return result;
        }
        boolean named = NAMED.contains(key) || key.equals("ports");
        return named && base instanceof List<?> old && patch instanceof List<?> changes
                ? elements(key, old, changes)
                : patch;
    }

    private static List<Object> elements(String list, List<?> base, List<?> changes) {
        List<Object> result = new ArrayList<>(base);
        for (Object change : changes) {
            Map<?, ?> fields = (Map<?, ?>) change;
            String name =
                    NAMED.contains(list) ? "name" : fields.containsKey("containerPort") ? "containerPort" : "port";
            int place = 0;
            while (place < result.size()
                    && !Objects.equals(((Map<?, ?>) result.get(place)).get(name), fields.get(name))) {
                place++;
            }
            if ("delete".equals(fields.get("$patch"))) {
                result.remove(place);
            } else if (place < result.size()) {
                result.set(place, merged("", result.get(place), change));
            } else {
                result.add(change);
            }
        }
        return result;
    }
}

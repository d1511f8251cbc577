package dev.lastcall.tool;

import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All declared tools, by name. Thread-safe. */
public final class Tools {
    private final Map<String, Tool> byName = new TreeMap<>();

    /** @param all each with a name of its own */
    public Tools(Collection<Tool> all) {
        all.forEach(tool -> byName.put(tool.name(), tool));
    }

    public static Tools none() {
        return new Tools(List.of());
    }

    /** These and one more, which replaces one of its name. */
    public Tools with(Tool more) {
        Tools all = new Tools(byName.values());
        all.byName.put(more.name(), more);
        return all;
    }

    /** Empty where the name is not ours: then the call is the client's to carry out. */
    public Optional<Tool> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Returns the definitions that the model gets, ordered by name. */
    public JsonArray definitions() {
        JsonArray definitions = new JsonArray();
        byName.values().forEach(tool -> definitions.add(tool.definition()));
        return definitions;
    }
}

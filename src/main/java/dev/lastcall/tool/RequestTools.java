package dev.lastcall.tool;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Tools that a request brings along, as its search in vector stores. Thread-safe. */
@FunctionalInterface
public interface RequestTools {
    /** The tools of requests that bring none. */
    RequestTools NONE = options -> Optional.empty();

    /** The tool of a request with these options; empty: it has none. */
    Optional<Tool> of(JsonObject options);
}

package dev.lastcall.tool;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;

/** One tool that this service calls itself. Thread-safe. */
public interface Tool {
    /** Returns the name by which the model calls the tool. */
    String name();

    /** Returns the definition that the model gets: {@code {"type":"function","name",…}}. */
    JsonObject definition();

    /** Whether it is the search in a request's vector stores, whose calls have items of a type of their own. */
    default boolean isFileSearch() {
        return false;
    }

    /** Whether two calls with the same key are as good as one. */
    boolean idempotent();

    /**
     * Begins one call.
     *
     * @param key the same for every attempt at the same effect
     * @param arguments JSON, as the model wrote it
     * @return never completed exceptionally, and within the tool's time limit; cancelling it closes the connection
     */
    CompletableFuture<ToolAnswer> call(String key, String arguments);
}

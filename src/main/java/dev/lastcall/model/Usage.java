package dev.lastcall.model;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that an answer used.
 *
 * @param cached part of {@code input}
 * @param reasoning part of {@code output}
 */
public record Usage(long input, long cached, long output, long reasoning) {
    /** The usage of a chat completion; what is missing or of another kind counts as 0. */
    static Usage of(JsonObject usage) {
        return new Usage(
                count(usage, "prompt_tokens"),
                count(usage.getValue("prompt_tokens_details"), "cached_tokens"),
                count(usage, "completion_tokens"),
                count(usage.getValue("completion_tokens_details"), "reasoning_tokens"));
    }

    private static long count(@Nullable Object usage, String name) {
        return usage instanceof JsonObject counts && counts.getValue(name) instanceof Number count
                ? Math.max(0, count.longValue())
                : 0;
    }

    /** Adds two usages, since a run may take several answers. */
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, cached + other.cached, output + other.output, reasoning + other.reasoning);
    }
}

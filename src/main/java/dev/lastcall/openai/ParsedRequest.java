package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client after parsing.
 *
 * @param input items, without those of the previous response
 * @param echo what the response object says again of the request
 * @param previous the response that this one goes on from; null: none
 * @param usage whether a chat's stream ends with its usage
 */
record ParsedRequest(
        String model,
        @Nullable String instructions,
        JsonArray input,
        JsonArray tools,
        JsonObject options,
        JsonObject echo,
        Mode mode,
        @Nullable String previous,
        boolean usage) {
    /** The option with the members that mean nothing here and go to the model's upstream unchanged. */
    static final String OTHERS = "others";

    /**
     * The form of the answer.
     *
     * @param stored whether it may be read again
     */
    record Mode(boolean stream, boolean background, boolean stored) {}

    /** The same, of this model where the client named none. */
    ParsedRequest naming(String otherwise) {
        if (!model.isEmpty() || otherwise.isEmpty()) {
            return this;
        }
        JsonObject named = echo.copy().put("model", otherwise);
        return new ParsedRequest(otherwise, instructions, input, tools, options, named, mode, previous, usage);
    }

    /** The same with references to items replaced by the items. */
    ParsedRequest withInput(JsonArray resolved) {
        return new ParsedRequest(model, instructions, resolved, tools, options, echo, mode, previous, usage);
    }

    /**
     * The request as the model is asked it.
     *
     * @param earlier items before the input
     */
    JsonObject request(JsonArray earlier) {
        JsonObject request = new JsonObject()
                .put("model", model)
                .put("input", earlier.copy().addAll(input))
                .put("tools", tools)
                .put("options", options);
        return instructions == null ? request : request.put("instructions", instructions);
    }
}

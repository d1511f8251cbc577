package dev.lastcall.run.event;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * A piece of text as the log keeps it: a JSON string; where the model gave log probabilities, an object with both.
 *
 * @param logprobs of its tokens, as chat completions have them; empty: none
 */
public record TextDelta(String text, JsonArray logprobs) {
    private static final String DELTA = "delta";
    private static final String LOGPROBS = "logprobs";

    /** Reads {@link #data()}. */
    static TextDelta of(String data) {
        Object value = Json.decodeValue(data);
        return value instanceof JsonObject both
                ? new TextDelta(both.getString(DELTA), both.getJsonArray(LOGPROBS))
                : new TextDelta(String.valueOf(value), new JsonArray());
    }

    /** The data of a row, ASCII JSON. */
    public String data() {
        return logprobs.isEmpty()
                ? Ascii.json(text)
                : Ascii.json(new JsonObject().put(DELTA, text).put(LOGPROBS, logprobs));
    }

    /** Whether the data of a row is a text alone, which needs no parsing to be sent on. */
    static boolean isPlain(String data) {
        return data.startsWith("\"");
    }
}

package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The log probabilities of an answer's tokens, as chat completions give them beside each piece of text. They belong to the text that is said
 * next, because a token may be half a character. Not thread-safe.
 */
final class LogProbabilities {
    /** The most characters of all log probabilities of an answer; they are held until it ends. */
    private static final int MOST = 4 << 20;

    private static final String TOKEN = "token";
    private static final String LOGPROB = "logprob";
    private static final String ALTERNATIVES = "top_logprobs";

    private JsonArray pending = new JsonArray();
    private long held;

    /**
     * Reads the member of a choice; null, or of another kind: there are none.
     *
     * @throws ModelFailure where they would fill the memory
     */
    void read(@Nullable Object logprobs) {
        if (!(logprobs instanceof JsonObject object && object.getValue("content") instanceof JsonArray tokens)) {
            return;
        }
        for (Object each : tokens) {
            if (each instanceof JsonObject token && isOne(token)) {
                JsonObject known = entry(token).put(ALTERNATIVES, alternatives(token.getValue(ALTERNATIVES)));
                held += known.encode().length();
                pending.add(known);
            }
        }
        if (held > MOST) {
            throw ModelFailure.serverError(
                    "the model's upstream gave more than " + MOST
                            + " characters of log probabilities; ask for fewer top_logprobs, or a shorter answer",
                    null);
        }
    }

    private static JsonArray alternatives(@Nullable Object given) {
        JsonArray known = new JsonArray();
        if (given instanceof JsonArray several) {
            several.stream()
                    .filter(each -> each instanceof JsonObject one && isOne(one))
                    .forEach(each -> known.add(entry((JsonObject) each)));
        }
        return known;
    }

    private static boolean isOne(JsonObject entry) {
        return entry.getValue(TOKEN) instanceof String && entry.getValue(LOGPROB) instanceof Number;
    }

    private static JsonObject entry(JsonObject given) {
        String token = given.getString(TOKEN);
        JsonArray bytes = given.getValue("bytes") instanceof JsonArray own ? own : bytes(token);
        return new JsonObject()
                .put(TOKEN, token)
                .put(LOGPROB, given.getValue(LOGPROB))
                .put("bytes", bytes);
    }

    private static JsonArray bytes(String token) {
        JsonArray bytes = new JsonArray();
        for (byte each : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(each & 0xff);
        }
        return bytes;
    }

    /** Returns the log probabilities that came since the last time. */
    JsonArray taken() {
        JsonArray taken = pending;
        pending = new JsonArray();
        return taken;
    }
}

package dev.lastcall.model;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The form of an upstream's reasoning, so that it is sent back in the same form: some servers require it between tool calls. Travels with
 * the item as its {@code encrypted_content}, which clients return as it is.
 *
 * @param upstream the name of the upstream, to which alone they are sent back; empty: to any
 * @param field of the message that had them
 * @param details what {@code reasoning_details} had; null where the text is all
 */
record ReasoningOrigin(
        String upstream, String field, @Nullable JsonArray details) {
    static final String DETAILS = "reasoning_details";
    /** Parts of the content, which have it beside the text. */
    static final String THINKING = "thinking";

    private static final String MARK = "lastcall";
    /** A client could name any member of the message otherwise. */
    private static final Set<String> FIELDS = Set.of("reasoning_content", "reasoning", DETAILS, THINKING);

    /** Encodes it as one word. */
    String encode() {
        JsonObject json =
                new JsonObject().put(MARK, 1).put("upstream", upstream).put("field", field);
        if (details != null) {
            json.put("details", details);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the origin of a reasoning item: as its upstream's stream said it, or, of a chat's message, as the client did; null: unknown. */
    static @Nullable ReasoningOrigin of(JsonObject item) {
        JsonObject said = item.getJsonObject("origin");
        return said == null
                ? decode(item.getString("encrypted_content"))
                : new ReasoningOrigin("", said.getString("field"), said.getJsonArray("details"));
    }

    /** Decodes an origin; null where it is none of ours. */
    static @Nullable ReasoningOrigin decode(@Nullable String encoded) {
        if (encoded == null) {
            return null;
        }
        try {
            JsonObject json =
                    new JsonObject(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
            String upstream = json.getString("upstream");
            String field = json.getString("field");
            return json.getValue(MARK) == null || upstream == null || field == null || !FIELDS.contains(field)
                    ? null
                    : new ReasoningOrigin(upstream, field, json.getJsonArray("details"));
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            return null;
        }
    }
}

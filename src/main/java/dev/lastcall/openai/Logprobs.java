package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The members of a request that ask for the log probabilities of the answer's tokens. */
final class Logprobs {
    /** The member of a chat that asks for them. */
    static final String MEMBER = "logprobs";

    /** The value of a response's {@code include} that asks for them. */
    static final String INCLUDE = "message.output_text.logprobs";

    private static final String ALTERNATIVES = "top_logprobs";
    private static final int MOST = 20;

    private Logprobs() {}

    /** Checks those of a chat: alternatives only beside the token's own. */
    static void check(Fields body) {
        body.count(ALTERNATIVES, 0, MOST);
        if (body.has(ALTERNATIVES) && !body.flag(MEMBER, false)) {
            throw ApiError.invalid(
                    ALTERNATIVES, "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.");
        }
    }

    /** Returns the members of a response's request in a chat's words; empty where it asks for none. */
    static JsonObject ofResponse(Fields body) {
        body.count(ALTERNATIVES, 0, MOST);
        JsonArray include = body.array("include");
        Object most = body.json().getValue(ALTERNATIVES);
        boolean several = most instanceof Number number && number.intValue() > 0;
        if (!several && (include == null || !include.contains(INCLUDE))) {
            return new JsonObject();
        }
        JsonObject chat = new JsonObject().put(MEMBER, true);
        return several ? chat.put(ALTERNATIVES, most) : chat;
    }

    /** Whether a request wants them. */
    static boolean areAskedFor(ParsedRequest request) {
        return request.options()
                .getJsonObject(ParsedRequest.OTHERS, new JsonObject())
                .getBoolean(MEMBER, false);
    }
}

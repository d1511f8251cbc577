package dev.lastcall.model;

import io.vertx.core.json.JsonObject;

/** The body that an upstream would be sent. */
public final class SentBody {
    private SentBody() {}

    /** The body, for a request and for one that goes on. */
    public static JsonObject of(ModelRequest request) {
        ModelRequest later = request.continuing(new Continuation("said", 1, "", ""));
        var unused = ChatBody.of(later, Strategy.NEW_ITEM, "m", "max_tokens", "u");
        return ChatBody.of(ModelRequest.of(request.json()), Strategy.EXACT, "m", "max_tokens", "u");
    }
}

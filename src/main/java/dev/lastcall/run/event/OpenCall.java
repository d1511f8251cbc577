package dev.lastcall.run.event;

import io.vertx.core.json.JsonObject;

/**
 * A call that the model made and whose result is not in the log.
 *
 * @param item the id of its item, which no other call of any run has: the key of its effect
 * @param callId the model's own id of it, which a model may give twice
 * @param arguments JSON, as the model wrote it
 */
public record OpenCall(String item, String callId, String name, String arguments) {
    static OpenCall of(JsonObject item) {
        return new OpenCall(
                item.getString("id"), HostedCalls.callId(item), item.getString("name"), item.getString("arguments"));
    }

    /** Whether the service carries it out itself: then its result becomes a part of its item. */
    public boolean isHosted() {
        return item.startsWith(HostedCalls.PREFIX) || isFileSearch();
    }

    /** Whether it is a search in the request's vector stores. */
    public boolean isFileSearch() {
        return item.startsWith(HostedCalls.SEARCH_PREFIX);
    }
}

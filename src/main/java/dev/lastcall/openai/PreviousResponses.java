package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import dev.lastcall.run.event.HostedCalls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Collects the conversation up to a response, as the input of the next one. */
final class PreviousResponses {
    private static final String TYPE = "type";

    private PreviousResponses() {}

    static JsonArray after(RunView previous) {
        JsonArray items = previous.asked().getJsonArray("input").copy();
        // A tool that was called and answered here is for the model the same as a function of its client's.
        JsonArray output = HostedCalls.expand(previous.response().getJsonArray("output"));
        for (int i = 0; i < output.size(); i++) {
            add(items, output.getJsonObject(i));
        }
        return items;
    }

    private static void add(JsonArray items, JsonObject item) {
        switch (item.getString(TYPE)) {
            case "message", "function_call", "function_call_output", "reasoning" -> items.add(item);
            default -> {
                // Nothing that a model is told again.
            }
        }
    }
}

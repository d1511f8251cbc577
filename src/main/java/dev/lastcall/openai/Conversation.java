package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What was said in a response and before it, as the input of the next one. */
final class Conversation {
    private static final String TYPE = "type";

    private Conversation() {}

    static JsonArray after(RunView previous) {
        JsonArray items = previous.asked().getJsonArray("input").copy();
        JsonArray output = previous.response().getJsonArray("output");
        for (int i = 0; i < output.size(); i++) {
            add(items, output.getJsonObject(i));
        }
        return items;
    }

    private static void add(JsonArray items, JsonObject item) {
        switch (item.getString(TYPE)) {
            case "message", "function_call" -> items.add(item);
            // Called here and answered here: for the model the same as a function of its client's.
            case "mcp_call" -> {
                items.add(new JsonObject()
                        .put(TYPE, "function_call")
                        .put("call_id", item.getString("id"))
                        .put("name", item.getString("name"))
                        .put("arguments", item.getString("arguments")));
                String output = item.getString("output");
                items.add(new JsonObject()
                        .put(TYPE, "function_call_output")
                        .put("call_id", item.getString("id"))
                        .put("output", output == null ? String.valueOf(item.getValue("error")) : output));
            }
            default -> {
                // Nothing that a model is told again.
            }
        }
    }
}

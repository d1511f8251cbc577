package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks that each function call of a conversation has its output and each output its call; models fail on others with words of their own. */
final class CallPairs {
    private CallPairs() {}

    /** @throws ApiError with OpenAI's words */
    static void check(JsonArray items, Wire wire) {
        // Some models count their calls anew in each turn: an id that comes again is another call.
        Map<String, Integer> open = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            String id = item.getString("call_id", "");
            switch (item.getString("type", "")) {
                case "function_call" -> open.merge(id, 1, Integer::sum);
                case "function_call_output" -> {
                    // Also where the call has its output already: a model that reads two of one call fails, or believes
                    // one of them.
                    if (!open.containsKey(id)) {
                        throw unasked(id, wire);
                    }
                    open.computeIfPresent(id, (same, count) -> count > 1 ? count - 1 : null);
                }
                default -> {
                    // Nothing that has to be answered.
                }
            }
        }
        if (!open.isEmpty()) {
            throw unanswered(List.copyOf(open.keySet()), wire);
        }
    }

    private static ApiError unasked(String id, Wire wire) {
        return wire == Wire.CHAT
                ? ApiError.unpaired(
                        "messages",
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with"
                                + " 'tool_calls', one for each call (" + id + ").")
                : ApiError.unpaired(
                        "input",
                        "No tool call found for function call output with call_id " + id
                                + ", or it has an output already.");
    }

    private static ApiError unanswered(List<String> ids, Wire wire) {
        return wire == Wire.CHAT
                ? ApiError.unpaired(
                        "messages",
                        "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                                + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                                + String.join(", ", ids))
                : ApiError.unpaired("input", "No tool output found for function call " + ids.get(0) + ".");
    }
}

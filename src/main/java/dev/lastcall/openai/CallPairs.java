package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks that each function call of a conversation has its output and each output its call; models fail on others with words of their own. */
final class CallPairs {
    private CallPairs() {}

    /** @throws ApiError with OpenAI's words */
    static void check(JsonArray items, Wire wire) {
        Set<String> calls = new HashSet<>();
        // Some models count their calls anew in each turn: an id that comes again is another call.
        Set<String> open = new LinkedHashSet<>();
        for (int i = 0; i < items.size(); i++) {
            JsonObject item = items.getJsonObject(i);
            String id = item.getString("call_id", "");
            switch (item.getString("type", "")) {
                case "function_call" -> {
                    calls.add(id);
                    open.add(id);
                }
                case "function_call_output" -> {
                    if (!calls.contains(id)) {
                        throw unasked(id, wire);
                    }
                    open.remove(id);
                }
                default -> {
                    // Nothing that has to be answered.
                }
            }
        }
        if (!open.isEmpty()) {
            throw unanswered(List.copyOf(open), wire);
        }
    }

    private static ApiError unasked(String id, Wire wire) {
        return wire == Wire.CHAT
                ? ApiError.unpaired(
                        "messages",
                        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with"
                                + " 'tool_calls' (" + id + ").")
                : ApiError.unpaired("input", "No tool call found for function call output with call_id " + id + ".");
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

package dev.lastcall.openai;

import dev.lastcall.run.EventType;
import dev.lastcall.run.LoggedEvent;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** A run as the chunks of a chat completion. Tools that were called here are not the client's business. */
final class ChatChunks implements Projection {
    private final String head;
    private final boolean usage;
    private final int after;
    private boolean begun;
    private int calls;

    /**
     * @param usage whether the client asked for it
     * @param after the last seq that the client has; what is before it is read, and not written
     */
    ChatChunks(UUID run, JsonObject response, boolean usage, int after) {
        head = "{\"id\":\"" + ChatCompletion.id(run) + "\",\"object\":\"chat.completion.chunk\",\"created\":"
                + response.getLong("created_at") + ",\"model\":" + Json.encode(response.getString("model"))
                + ",\"choices\":[";
        this.usage = usage;
        this.after = after;
    }

    @Override
    public void write(LoggedEvent event, StringBuilder out) {
        int from = out.length();
        EventType type = event.type();
        if (type == EventType.OUTPUT_TEXT_DELTA) {
            begin(event, out);
            chunk(event, "{\"content\":" + event.quoted() + "}", "null", out);
        } else if (type == EventType.OUTPUT_ITEM_DONE) {
            item(event, new JsonObject(event.json()).getJsonObject("item"), out);
        } else if (type.isTerminal()) {
            end(event, new JsonObject(event.json()).getJsonObject("response"), out);
        }
        if (event.seq() <= after) {
            out.setLength(from);
        }
    }

    private void begin(LoggedEvent event, StringBuilder out) {
        if (!begun) {
            begun = true;
            chunk(event, "{\"role\":\"assistant\",\"content\":\"\"}", "null", out);
        }
    }

    private void item(LoggedEvent event, JsonObject item, StringBuilder out) {
        if ("function_call".equals(item.getString("type"))) {
            begin(event, out);
            JsonObject call = ChatCompletion.call(item).put("index", calls++);
            chunk(
                    event,
                    new JsonObject()
                            .put("tool_calls", new JsonArray().add(call))
                            .encode(),
                    "null",
                    out);
        }
    }

    private void end(LoggedEvent event, JsonObject response, StringBuilder out) {
        if (event.type() == EventType.FAILED) {
            // Before the end of the stream, because only an error makes clients throw.
            frame(event, ChatCompletion.failure(response).json().encode(), out);
            return;
        }
        begin(event, out);
        chunk(event, "{}", "\"" + ChatCompletion.finishReason(response) + "\"", out);
        if (usage) {
            frame(event, head + "],\"usage\":" + ChatCompletion.usage(response) + "}", out);
        }
        out.append("data: [DONE]\n\n");
    }

    private void chunk(LoggedEvent event, String delta, String finish, StringBuilder out) {
        String more = usage ? ",\"usage\":null}" : "}";
        frame(
                event,
                head + "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]"
                        + more,
                out);
    }

    private static void frame(LoggedEvent event, String data, StringBuilder out) {
        out.append("id: ").append(event.seq()).append("\ndata: ").append(data).append("\n\n");
    }
}

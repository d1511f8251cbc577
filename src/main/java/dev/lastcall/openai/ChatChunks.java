package dev.lastcall.openai;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A run as the chunks of a chat completion. Tools that were called here are not the client's business. */
final class ChatChunks implements Projection {
    private final String head;
    private final boolean usage;
    private final int after;
    private boolean begun;

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

    /** An id only on the last frame of an event: who was cut off between two of them gets the event again, whole. */
    @Override
    public void write(LoggedEvent event, StringBuilder out) {
        List<String> frames = new ArrayList<>();
        EventType type = event.type();
        if (type == EventType.OUTPUT_TEXT_DELTA) {
            begin(frames);
            String logprobs = event.hasLogprobs() ? "{\"content\":" + event.logprobs() + ",\"refusal\":null}" : "null";
            frames.add(chunk("{\"content\":" + event.quoted() + "}", logprobs, "null"));
        } else if (type == EventType.REASONING_TEXT_DELTA || type == EventType.REFUSAL_DELTA) {
            begin(frames);
            String member = type == EventType.REFUSAL_DELTA ? "refusal" : ChatCompletion.REASONING;
            String delta = new JsonObject(event.json()).getString("delta");
            frames.add(chunk(new JsonObject().put(member, delta).encode(), "null"));
        } else if (type.isTerminal()) {
            end(event, new JsonObject(event.json()).getJsonObject("response"), frames);
        }
        if (event.seq() > after) {
            for (int i = 0; i < frames.size(); i++) {
                frame(i == frames.size() - 1 ? "id: " + event.seq() + "\n" : "", frames.get(i), out);
            }
        }
        if (type.isTerminal() && type != EventType.FAILED) {
            out.append("data: [DONE]\n\n");
        }
    }

    private void begin(List<String> frames) {
        if (!begun) {
            begun = true;
            frames.add(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        }
    }

    private void calls(JsonArray calls, List<String> frames) {
        for (int i = 0; i < calls.size(); i++) {
            JsonArray one = new JsonArray().add(calls.getJsonObject(i).put("index", i));
            frames.add(chunk(new JsonObject().put("tool_calls", one).encode(), "null"));
        }
    }

    private void end(LoggedEvent event, JsonObject response, List<String> frames) {
        if (event.type() == EventType.FAILED) {
            // Before the end of the stream, because only an error makes clients throw.
            frames.add(ChatCompletion.failure(response).json().encode());
            return;
        }
        begin(frames);
        calls(ChatCompletion.openCalls(response.getJsonArray("output")), frames);
        frames.add(chunk("{}", "\"" + ChatCompletion.finishReason(response) + "\""));
        if (usage) {
            frames.add(head + "],\"usage\":" + ChatCompletion.usage(response) + "}");
        }
    }

    private String chunk(String delta, String finish) {
        return chunk(delta, "null", finish);
    }

    private String chunk(String delta, String logprobs, String finish) {
        return head + "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":" + logprobs + ",\"finish_reason\":" + finish
                + "}]" + (usage ? ",\"usage\":null}" : "}");
    }

    private static void frame(String id, String data, StringBuilder out) {
        out.append(id).append("data: ").append(data).append("\n\n");
    }
}

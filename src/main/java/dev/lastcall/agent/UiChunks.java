package dev.lastcall.agent;

import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A run as the chunks of the AI SDK's UI message stream. Not thread-safe. */
final class UiChunks {
    private static final String CALL = "toolCallId";

    private final UUID run;
    private final Map<String, String> tools = new HashMap<>();

    UiChunks(UUID run) {
        this.run = run;
    }

    /** The server-sent events that a run's event is; empty where it is none. */
    String of(LoggedEvent event) {
        return switch (event.type()) {
            case CREATED -> frame(chunk("start").put("messageId", run.toString())) + frame(chunk("start-step"));
            case OUTPUT_TEXT_DELTA ->
                "data: {\"type\":\"text-delta\",\"id\":\"" + event.item() + ":" + event.contentIndex() + "\",\"delta\":"
                        + event.quoted() + "}\n\n";
            case COMPLETED, INCOMPLETE, FAILED -> end(new JsonObject(event.json()).getJsonObject("response"));
            default -> of(event, new JsonObject(event.json()));
        };
    }

    private String of(LoggedEvent event, JsonObject json) {
        return switch (event.type()) {
            case OUTPUT_ITEM_ADDED -> {
                JsonObject item = json.getJsonObject("item");
                if (isHosted(item)) {
                    tools.put(item.getString("id"), item.getString("name"));
                }
                yield "";
            }
            case CONTENT_PART_ADDED ->
                frame(part(isThought(json.getJsonObject("part")) ? "reasoning-start" : "text-start", json));
            case CONTENT_PART_DONE ->
                frame(part(isThought(json.getJsonObject("part")) ? "reasoning-end" : "text-end", json));
            case REASONING_TEXT_DELTA -> frame(part("reasoning-delta", json).put("delta", json.getString("delta")));
            case REFUSAL_DELTA -> frame(part("text-delta", json).put("delta", json.getString("delta")));
            case MCP_CALL_ARGUMENTS_DONE ->
                frame(chunk("tool-input-available")
                        .put(CALL, json.getString("item_id"))
                        .put("toolName", tools.getOrDefault(json.getString("item_id"), "tool"))
                        .put("input", decoded(json.getString("arguments")))
                        .put("providerExecuted", true)
                        .put("dynamic", true));
            case OUTPUT_ITEM_DONE -> done(json.getJsonObject("item"));
            default -> "";
        };
    }

    private static String done(JsonObject item) {
        if (!isHosted(item)) {
            return "";
        }
        JsonObject chunk = item.getValue("output") == null
                ? chunk("tool-output-error").put("errorText", error(item.getValue("error")))
                : chunk("tool-output-available").put("output", decoded(item.getString("output")));
        return frame(chunk.put(CALL, item.getString("id"))
                .put("providerExecuted", true)
                .put("dynamic", true));
    }

    private static String error(@Nullable Object error) {
        return error instanceof JsonObject object
                ? object.getJsonArray("content", new JsonArray()).encode()
                : "The call was not carried out to its end.";
    }

    private static String end(JsonObject response) {
        JsonObject error = response.getJsonObject("error");
        if (error != null) {
            return frame(chunk("error").put("errorText", error.getString("message"))) + "data: [DONE]\n\n";
        }
        String last = "cancelled".equals(response.getString("status")) ? frame(chunk("abort")) : frame(chunk("finish"));
        return frame(chunk("finish-step")) + last + "data: [DONE]\n\n";
    }

    private static boolean isHosted(JsonObject item) {
        return "mcp_call".equals(item.getString("type"));
    }

    private static boolean isThought(JsonObject part) {
        return "reasoning_text".equals(part.getString("type"));
    }

    private static JsonObject part(String type, JsonObject event) {
        return chunk(type).put("id", event.getString("item_id") + ":" + event.getInteger("content_index"));
    }

    private static JsonObject chunk(String type) {
        return new JsonObject().put("type", type);
    }

    /** JSON where it is any, else the text. */
    private static Object decoded(String text) {
        try {
            Object value = Json.decodeValue(text);
            return value == null ? text : value;
        } catch (DecodeException e) {
            return text;
        }
    }

    private static String frame(JsonObject chunk) {
        return "data: " + chunk.encode() + "\n\n";
    }
}

package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Input items of the Responses API as messages of chat completions. */
final class ChatMessages {
    private final JsonArray messages = new JsonArray();

    private ChatMessages() {}

    static JsonArray of(@Nullable String instructions, JsonArray input) {
        ChatMessages chat = new ChatMessages();
        if (instructions != null && !instructions.isEmpty()) {
            chat.messages.add(message("system", instructions));
        }
        for (int i = 0; i < input.size(); i++) {
            chat.add(input.getJsonObject(i));
        }
        return chat.messages;
    }

    static JsonObject message(String role, Object content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    private void add(JsonObject item) {
        switch (item.getString("type", "message")) {
            case "message" -> {
                JsonObject message = message(role(item.getString("role")), content(item.getJsonArray("content")));
                messages.add(item.getString("name") == null ? message : message.put("name", item.getString("name")));
            }
            case "function_call" -> addCall(item);
            case "function_call_output" ->
                messages.add(message("tool", output(item.getValue("output")))
                        .put("tool_call_id", item.getString("call_id")));
            // Reasoning has no place in a chat.
            default -> {}
        }
    }

    /** The newer word is unknown to most compatible servers, and means the same. */
    private static String role(String role) {
        return role.equals("developer") ? "system" : role;
    }

    /** Calls that were made together belong to one message, or servers refuse the results. */
    private void addCall(JsonObject item) {
        JsonObject call = new JsonObject()
                .put("id", item.getString("call_id"))
                .put("type", "function")
                .put(
                        "function",
                        new JsonObject()
                                .put("name", item.getString("name"))
                                .put("arguments", item.getString("arguments")));
        JsonObject last = messages.isEmpty() ? null : messages.getJsonObject(messages.size() - 1);
        if (last == null || !last.getString("role").equals("assistant")) {
            last = new JsonObject().put("role", "assistant").putNull("content");
            messages.add(last);
        }
        if (last.getJsonArray("tool_calls") == null) {
            last.put("tool_calls", new JsonArray());
        }
        last.getJsonArray("tool_calls").add(call);
    }

    private static Object output(Object output) {
        return output instanceof JsonArray parts ? content(parts) : output;
    }

    /** A text alone as a string, which servers without pictures understand too. */
    private static Object content(JsonArray parts) {
        JsonArray content = new JsonArray();
        StringBuilder text = new StringBuilder();
        boolean plain = true;
        for (int i = 0; i < parts.size(); i++) {
            JsonObject part = part(parts.getJsonObject(i));
            content.add(part);
            plain &= part.getString("type").equals("text");
            text.append(part.getString("text", ""));
        }
        return plain ? text.toString() : content;
    }

    private static JsonObject part(JsonObject part) {
        return switch (part.getString("type")) {
            case "input_image" -> {
                JsonObject image = new JsonObject().put("url", part.getString("image_url"));
                if (part.getString("detail") != null) {
                    image.put("detail", part.getString("detail"));
                }
                yield new JsonObject().put("type", "image_url").put("image_url", image);
            }
            case "input_file" -> {
                JsonObject file = part.copy();
                file.remove("type");
                yield new JsonObject().put("type", "file").put("file", file);
            }
            case "refusal" -> new JsonObject().put("type", "text").put("text", part.getString("refusal"));
            default -> new JsonObject().put("type", "text").put("text", part.getString("text", ""));
        };
    }
}

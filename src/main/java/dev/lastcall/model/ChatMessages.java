package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Input items of the Responses API as messages of chat completions. */
final class ChatMessages {
    private final JsonArray messages = new JsonArray();
    private final String upstream;
    private @Nullable JsonObject thought;

    private ChatMessages(String upstream) {
        this.upstream = upstream;
    }

    /** @param upstream the name of the one that is asked: it gets back the thoughts that came from it, and no other's */
    static JsonArray of(@Nullable String instructions, JsonArray input, String upstream) {
        ChatMessages chat = new ChatMessages(upstream);
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
                if (message.getString("role").equals("assistant")) {
                    addThought(message);
                }
                thought = null;
                messages.add(item.getString("name") == null ? message : message.put("name", item.getString("name")));
            }
            case "reasoning" -> thought = item;
            case "function_call" -> addCall(item);
            case "function_call_output" ->
                messages.add(message("tool", output(item.getValue("output")))
                        .put("tool_call_id", item.getString("call_id")));
            default -> {}
        }
    }

    /** Adds the reasoning in the form in which the upstream wrote it; what another one thought is none of its business. */
    private void addThought(JsonObject message) {
        JsonObject item = thought;
        thought = null;
        ReasoningOrigin origin = item == null ? null : ReasoningOrigin.of(item);
        if (item == null
                || origin == null
                || !(origin.upstream().isEmpty() || origin.upstream().equals(upstream))) {
            return;
        }
        StringBuilder text = new StringBuilder();
        item.getJsonArray("content", new JsonArray())
                .forEach(part -> text.append(((JsonObject) part).getString("text", "")));
        if (origin.details() != null) {
            message.put(ReasoningOrigin.DETAILS, origin.details());
        } else if (origin.field().equals(ReasoningOrigin.THINKING)) {
            JsonArray parts = new JsonArray().add(thinking(text.toString()));
            if (message.getValue("content") instanceof String answer && !answer.isEmpty()) {
                parts.add(new JsonObject().put("type", "text").put("text", answer));
            }
            message.put("content", parts);
        } else {
            message.put(origin.field(), text.toString());
        }
    }

    private static JsonObject thinking(String text) {
        JsonObject part = new JsonObject().put("type", "text").put("text", text);
        return new JsonObject().put("type", ReasoningOrigin.THINKING).put("thinking", new JsonArray().add(part));
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
            addThought(last);
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

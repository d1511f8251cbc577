package dev.lastcall.agent;

import dev.lastcall.problem.JsonBody;
import dev.lastcall.problem.MalformedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Reads what the AI SDK's {@code useChat} sends: the whole conversation, as messages of parts. */
record UiMessages(String chat, String model, JsonArray input) {
    private static final int LONGEST_ID = 200;
    private static final List<String> ROLES = List.of("system", "user", "assistant");
    private static final String EXPECTED =
            " (expected: {\"id\": …, \"messages\": [{\"role\": …, \"parts\": […]}]}, as useChat sends)";

    /** @throws BadInput where it is something else */
    static UiMessages read(Buffer body) {
        try {
            if (JsonBody.decode(body) instanceof JsonObject object
                    && object.getValue("messages") instanceof JsonArray messages
                    && !messages.isEmpty()) {
                String model = object.getValue("model") instanceof String name ? name : "";
                return new UiMessages(
                        chat(object.getValue("id") instanceof String id ? id : ""), model, items(messages));
            }
        } catch (MalformedJson e) {
            // Said below.
        }
        throw BadInput.malformed("body: no chat" + EXPECTED + "; send one");
    }

    /** Checks the id of a chat. */
    static String chat(String id) {
        if (id.isBlank() || id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
            throw BadInput.malformed("id: of " + id.length() + " characters (expected: 1 to " + LONGEST_ID
                    + ", none of them a control character); give the chat an id");
        }
        return id;
    }

    private static JsonArray items(JsonArray messages) {
        JsonArray items = new JsonArray();
        for (int i = 0; i < messages.size(); i++) {
            JsonObject message = object(messages, i, "messages");
            String role = text(message, "role");
            if (!ROLES.contains(role)) {
                throw BadInput.malformed("messages[" + i + "].role: '" + role + "'" + EXPECTED + "; mend it");
            }
            if (!(message.getValue("parts") instanceof JsonArray parts)) {
                throw BadInput.malformed("messages[" + i + "].parts: no array" + EXPECTED + "; send them");
            }
            add(items, role, parts, "messages[" + i + "].parts");
        }
        if (items.isEmpty()) {
            throw BadInput.malformed("messages: say nothing" + EXPECTED + "; send a text");
        }
        return items;
    }

    private static JsonObject object(JsonArray array, int index, String name) {
        if (array.getValue(index) instanceof JsonObject object) {
            return object;
        }
        throw BadInput.malformed(name + "[" + index + "]: no object" + EXPECTED + "; mend it");
    }

    /** Empty where the member is no text. */
    private static String text(JsonObject object, String member) {
        return object.getValue(member) instanceof String text ? text : "";
    }

    private static void add(JsonArray items, String role, JsonArray parts, String name) {
        JsonArray content = new JsonArray();
        for (int i = 0; i < parts.size(); i++) {
            JsonObject part = object(parts, i, name);
            switch (text(part, "type")) {
                case "text" ->
                    content.add(new JsonObject()
                            .put("type", role.equals("assistant") ? "output_text" : "input_text")
                            .put("text", text(part, "text")));
                case "file" -> content.add(file(part));
                case "dynamic-tool" -> {
                    say(items, role, content);
                    content = new JsonArray();
                    call(items, part);
                }
                default -> {
                    // Thoughts, sources and steps, which the model is not told again.
                }
            }
        }
        say(items, role, content);
    }

    private static void say(JsonArray items, String role, JsonArray content) {
        if (!content.isEmpty()) {
            items.add(new JsonObject().put("type", "message").put("role", role).put("content", content));
        }
    }

    private static JsonObject file(JsonObject part) {
        String url = text(part, "url");
        return text(part, "mediaType").startsWith("image/")
                ? new JsonObject().put("type", "input_image").put("image_url", url)
                : new JsonObject()
                        .put("type", "input_file")
                        .put("file_data", url)
                        .put("filename", part.getString("filename"));
    }

    private static void call(JsonArray items, JsonObject part) {
        Object output = part.getValue("output", part.getValue("errorText"));
        if (output == null) {
            return;
        }
        String id = text(part, "toolCallId");
        items.add(new JsonObject()
                .put("type", "function_call")
                .put("call_id", id)
                .put("name", text(part, "toolName"))
                .put("arguments", part.getValue("input") instanceof JsonObject input ? input.encode() : "{}"));
        items.add(new JsonObject()
                .put("type", "function_call_output")
                .put("call_id", id)
                .put("output", output instanceof JsonObject object ? object.encode() : output.toString()));
    }
}

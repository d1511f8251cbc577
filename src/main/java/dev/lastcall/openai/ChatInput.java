package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Messages of chat completions as items of the Responses API. */
final class ChatInput {
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer", "tool");
    private static final String CONTENT = "content";

    private final JsonArray items = new JsonArray();

    private ChatInput() {}

    static JsonArray items(JsonArray messages) {
        ChatInput input = new ChatInput();
        for (int i = 0; i < messages.size(); i++) {
            input.add(Fields.element(messages, i, "messages"));
        }
        return input.items;
    }

    private void add(Fields message) {
        String role = message.word("role", ROLES);
        if (role == null) {
            throw ApiError.invalid(message.name("role"), message.name("role") + " is missing (expected: user …).");
        }
        if (role.equals("tool")) {
            items.add(new JsonObject()
                    .put("type", "function_call_output")
                    .put("call_id", message.requiredString("tool_call_id"))
                    .put("output", text(message)));
            return;
        }
        JsonArray calls = message.array("tool_calls");
        if (calls == null || message.has(CONTENT)) {
            JsonObject item =
                    new JsonObject().put("type", "message").put("role", role).put(CONTENT, parts(message, role));
            items.add(message.has("name") ? item.put("name", message.string("name")) : item);
        }
        for (int i = 0; calls != null && i < calls.size(); i++) {
            items.add(call(Fields.element(calls, i, message.name("tool_calls"))));
        }
    }

    private static JsonObject call(Fields call) {
        Fields function = call.object("function");
        if (function == null) {
            throw ApiError.invalid(call.name("function"), call.name("function") + " is missing (expected: an object).");
        }
        return new JsonObject()
                .put("type", "function_call")
                .put("call_id", call.requiredString("id"))
                .put("name", function.requiredString("name"))
                .put("arguments", function.requiredString("arguments"));
    }

    private static String text(Fields message) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts(message, "tool")) {
            text.append(((JsonObject) part).getString("text"));
        }
        return text.toString();
    }

    private static JsonArray parts(Fields message, String role) {
        String type = role.equals("assistant") ? "output_text" : "input_text";
        if (!(message.json().getValue(CONTENT) instanceof JsonArray content)) {
            return new JsonArray().add(new JsonObject().put("type", type).put("text", message.requiredString(CONTENT)));
        }
        JsonArray parts = new JsonArray();
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(Fields.element(content, i, message.name(CONTENT)), type));
        }
        return parts;
    }

    private static JsonObject part(Fields part, String textType) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text" -> new JsonObject().put("type", textType).put("text", part.requiredString("text"));
            case "refusal" -> new JsonObject().put("type", type).put("refusal", part.requiredString("refusal"));
            case "image_url" -> {
                Fields image = part.object("image_url");
                if (image == null) {
                    throw ApiError.invalid(part.name(type), part.name(type) + " is missing (expected: an object).");
                }
                yield new JsonObject()
                        .put("type", "input_image")
                        .put("image_url", image.requiredString("url"))
                        .put("detail", image.string("detail"));
            }
            case "file" -> {
                Fields file = part.object("file");
                yield new JsonObject().put("type", "input_file").mergeIn(file == null ? new JsonObject() : file.json());
            }
            default ->
                throw ApiError.unsupported(
                        part.name("type"), part.name("type") + ": '" + type + "' (expected: text, image_url or file).");
        };
    }
}

package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** Messages of chat completions as items of the Responses API. */
final class ChatInput {
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer", "tool", "function");
    private static final String CONTENT = "content";
    private static final String REFUSAL = "refusal";

    private final JsonArray items = new JsonArray();
    private int legacyCalls;

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
            throw ApiError.missing(message.name("role"), "user, assistant, system, developer or tool");
        }
        if (role.equals("tool") || role.equals("function")) {
            String callId = role.equals("tool") ? message.requiredString("tool_call_id") : legacyCall();
            items.add(new JsonObject()
                    .put("type", "function_call_output")
                    .put("call_id", callId)
                    .put("output", text(message)));
            return;
        }
        if (role.equals("assistant")) {
            addThought(message);
        }
        JsonArray calls = message.array("tool_calls");
        Fields legacy = message.object("function_call");
        boolean mute = calls != null || legacy != null;
        if (!mute || message.has(CONTENT) || message.has(REFUSAL)) {
            JsonObject item =
                    new JsonObject().put("type", "message").put("role", role).put(CONTENT, parts(message, role));
            items.add(message.has("name") ? item.put("name", message.string("name")) : item);
        }
        for (int i = 0; calls != null && i < calls.size(); i++) {
            items.add(call(Fields.element(calls, i, message.name("tool_calls"))));
        }
        if (legacy != null) {
            legacyCalls++;
            items.add(call(legacyCall(), legacy));
        }
    }

    /** The older form has one call at a time and no ids. */
    private String legacyCall() {
        return "call_" + legacyCalls;
    }

    /** Adds the reasoning of a message as compatible servers gave it, and as they want it back. */
    private void addThought(Fields message) {
        for (String field : List.of("reasoning_content", "reasoning", "reasoning_details")) {
            Object thought = message.json().getValue(field);
            boolean details = field.equals("reasoning_details");
            if (details ? thought instanceof JsonArray : thought instanceof String) {
                JsonObject part = new JsonObject()
                        .put("type", "reasoning_text")
                        .put("text", thought instanceof String text ? text : "");
                items.add(new JsonObject()
                        .put("type", "reasoning")
                        .put("summary", new JsonArray())
                        .put(CONTENT, new JsonArray().add(part))
                        .put("origin", new JsonObject().put("field", field).put("details", details ? thought : null)));
                return;
            }
        }
    }

    private static JsonObject call(Fields call) {
        Fields function = call.object("function");
        if (function == null) {
            throw ApiError.missing(call.name("function"), "an object");
        }
        return call(call.requiredString("id"), function);
    }

    private static JsonObject call(String id, Fields function) {
        return new JsonObject()
                .put("type", "function_call")
                .put("call_id", id)
                .put("name", function.requiredString("name"))
                .put("arguments", function.requiredString("arguments"));
    }

    private static String text(Fields message) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts(message, "tool")) {
            text.append(((JsonObject) part).getString("text", ""));
        }
        return text.toString();
    }

    private static JsonArray parts(Fields message, String role) {
        String type = role.equals("assistant") ? "output_text" : "input_text";
        if (!message.has(CONTENT) && message.has(REFUSAL)) {
            return new JsonArray()
                    .add(new JsonObject().put("type", REFUSAL).put(REFUSAL, message.requiredString(REFUSAL)));
        }
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
                    throw ApiError.missing(part.name(type), "an object");
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

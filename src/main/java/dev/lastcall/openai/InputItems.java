package dev.lastcall.openai;

import dev.lastcall.run.event.HostedCalls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code input} of a response, in its many spellings, as items of one: messages whose content is an array of parts, and calls. */
final class InputItems {
    private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
    private static final String CONTENT = "content";
    private static final String TYPE = "type";
    private static final String TEXT = "text";

    private InputItems() {}

    static JsonArray of(@Nullable Object input) {
        if (input instanceof String text) {
            return new JsonArray().add(message("user", text));
        }
        if (input == null) {
            throw ApiError.missing("input", "a string or an array of items");
        }
        if (!(input instanceof JsonArray items)) {
            throw Fields.wrong("input", input, "a string or an array of items");
        }
        JsonArray normal = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            normal.addAll(HostedCalls.expand(new JsonArray().add(item(Fields.element(items, i, "input")))));
        }
        return normal;
    }

    static JsonObject message(String role, String text) {
        return new JsonObject()
                .put(TYPE, "message")
                .put("role", role)
                .put(CONTENT, new JsonArray().add(text(role, text)));
    }

    private static JsonObject text(String role, String text) {
        return new JsonObject().put(TYPE, textType(role)).put(TEXT, text);
    }

    private static String textType(String role) {
        return role.equals("assistant") ? "output_text" : "input_text";
    }

    private static JsonObject item(Fields item) {
        String type = item.has(TYPE) ? item.requiredString(TYPE) : typeOfUntyped(item);
        ItemMembers.checkItem(item, type);
        return switch (type) {
            case "message" -> message(item);
            case "function_call" -> {
                item.requiredString("call_id");
                item.requiredString("name");
                item.requiredString("arguments");
                yield item.json();
            }
            case "function_call_output" -> {
                item.requiredString("call_id");
                if (!(item.json().getValue("output") instanceof JsonArray)) {
                    item.requiredString("output");
                } else {
                    parts(item, "output", "user");
                }
                yield item.json();
            }
            case "reasoning" -> reasoning(item);
            case HostedCalls.TYPE -> {
                item.requiredString("id");
                item.requiredString("name");
                item.requiredString("arguments");
                yield item.json();
            }
            case HostedCalls.FILE_SEARCH -> {
                item.requiredString("id");
                item.array("queries");
                yield item.json();
            }
            case ItemReferences.TYPE ->
                new JsonObject().put(TYPE, ItemReferences.TYPE).put("id", item.requiredString("id"));
            default ->
                throw ApiError.unsupported(
                        item.name(TYPE),
                        item.name(TYPE) + ": '" + type
                                + "' (expected: message, function_call, function_call_output, mcp_call, file_search_call, item_reference or reasoning).");
        };
    }

    /** Comes from an earlier response, or from another service, whose words mean nothing here. */
    private static JsonObject reasoning(Fields item) {
        item.string("encrypted_content");
        JsonArray content = item.array(CONTENT);
        for (int i = 0; content != null && i < content.size(); i++) {
            Fields.element(content, i, item.name(CONTENT)).requiredString(TEXT);
        }
        JsonObject known = item.json().copy();
        // A chat's, and made here.
        known.remove("origin");
        if (content == null) {
            known.remove(CONTENT);
        }
        return known;
    }

    /** OpenAI lets the type of messages and of references out. */
    private static String typeOfUntyped(Fields item) {
        return item.has("id") && !item.has("role") ? ItemReferences.TYPE : "message";
    }

    private static JsonObject message(Fields item) {
        String role = item.word("role", ROLES);
        if (role == null) {
            throw ApiError.missing(item.name("role"), "user, assistant, system or developer");
        }
        JsonObject message = item.json().copy().put(TYPE, "message");
        Object content = item.json().getValue(CONTENT);
        return content instanceof String text
                ? message.put(CONTENT, new JsonArray().add(text(role, text)))
                : message.put(CONTENT, parts(item, CONTENT, role));
    }

    private static JsonArray parts(Fields item, String member, String role) {
        JsonArray parts = item.array(member);
        if (parts == null) {
            throw ApiError.missing(item.name(member), "a string or parts");
        }
        for (int i = 0; i < parts.size(); i++) {
            part(Fields.element(parts, i, item.name(member)), role);
        }
        return parts;
    }

    private static void part(Fields part, String role) {
        String type = part.requiredString(TYPE);
        ItemMembers.checkPart(part, type);
        switch (type) {
            case "input_text", "output_text" -> part.requiredString(TEXT);
            case "refusal" -> part.requiredString("refusal");
            case "input_image" -> part.requiredString("image_url");
            case "input_file" -> part.string("file_data");
            default ->
                throw ApiError.unsupported(
                        part.name(TYPE),
                        part.name(TYPE) + ": '" + type + "' (expected: " + textType(role)
                                + ", input_image or input_file).");
        }
    }
}

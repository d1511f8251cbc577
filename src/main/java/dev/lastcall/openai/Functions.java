package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that a client offers to the model, and its choice among them, in the words of the Responses API. */
final class Functions {
    private static final Set<String> CHOICES = Set.of("auto", "none", "required");
    private static final String FUNCTION = "function";

    private Functions() {}

    /** @param nested as chat completions have it: {@code {"type":"function","function":{"name",…}}} */
    static JsonArray of(@Nullable JsonArray tools, boolean nested) {
        JsonArray functions = new JsonArray();
        for (int i = 0; tools != null && i < tools.size(); i++) {
            Fields tool = Fields.element(tools, i, "tools");
            String type = tool.requiredString("type");
            if (!type.equals(FUNCTION)) {
                throw ApiError.unsupported(
                        tool.name("type"), tool.name("type") + ": '" + type + "' (expected: function).");
            }
            Fields function = nested ? tool.object(FUNCTION) : tool;
            if (function == null) {
                throw ApiError.invalid(tool.name(FUNCTION), tool.name(FUNCTION) + " is missing (expected: an object).");
            }
            function.requiredString("name");
            function.string("description");
            function.object("parameters");
            function.flag("strict", false);
            functions.add(new JsonObject().put("type", FUNCTION).mergeIn(function.json()));
        }
        return functions;
    }

    /** The choice as the Responses API has it; null: none was made. */
    static @Nullable Object choice(Fields body) {
        Object choice = body.json().getValue("tool_choice");
        if (choice == null || choice instanceof String) {
            return body.word("tool_choice", CHOICES);
        }
        Fields named = body.object("tool_choice");
        if (named == null || !FUNCTION.equals(named.string("type"))) {
            throw ApiError.unsupported(
                    "tool_choice", "tool_choice: not understood (expected: auto, none, required or a function).");
        }
        Fields nested = named.json().getValue(FUNCTION) == null ? named : named.object(FUNCTION);
        return new JsonObject()
                .put("type", FUNCTION)
                .put("name", nested == null ? null : nested.requiredString("name"));
    }
}

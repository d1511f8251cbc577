package dev.lastcall.openai;

import dev.lastcall.run.event.FileSearchCalls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that a client offers to the model, and its choice among them, in the words of the Responses API. */
final class Functions {
    private static final Set<String> CHOICES = Set.of("auto", "none", "required");
    private static final String ALLOWED = "allowed_tools";
    private static final String FUNCTION = "function";

    private Functions() {}

    /** @param nested as chat completions have it: {@code {"type":"function","function":{"name",…}}} */
    static JsonArray of(@Nullable JsonArray tools, boolean nested) {
        JsonArray functions = new JsonArray();
        for (int i = 0; tools != null && i < tools.size(); i++) {
            Fields tool = Fields.element(tools, i, "tools");
            String type = tool.requiredString("type");
            if (type.equals(FileSearchCalls.NAME) && !nested) {
                continue;
            }
            if (!type.equals(FUNCTION)) {
                throw ApiError.unsupported(
                        tool.name("type"),
                        tool.name("type") + ": '" + type + "' (expected: function" + (nested ? "" : " or file_search")
                                + ").");
            }
            Fields function = nested ? tool.object(FUNCTION) : tool;
            if (function == null) {
                throw ApiError.missing(tool.name(FUNCTION), "an object");
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
        if (named != null && ALLOWED.equals(named.string("type"))) {
            return allowed(named);
        }
        if (named != null && FileSearchCalls.NAME.equals(named.string("type"))) {
            return new JsonObject().put("type", FUNCTION).put("name", FileSearchCalls.NAME);
        }
        if (named == null || !FUNCTION.equals(named.string("type"))) {
            throw ApiError.unsupported(
                    "tool_choice",
                    "tool_choice: not understood (expected: auto, none, required, allowed_tools or a function).");
        }
        Fields nested = named.json().getValue(FUNCTION) == null ? named : named.object(FUNCTION);
        return new JsonObject()
                .put("type", FUNCTION)
                .put("name", nested == null ? null : nested.requiredString("name"));
    }

    /** Some of the tools, as the Responses API says it: {@code {"type":"allowed_tools","mode","tools":[{"type":"function","name"}]}}. */
    private static JsonObject allowed(Fields choice) {
        Fields given = choice.has(ALLOWED) ? choice.object(ALLOWED) : choice;
        if (given == null) {
            throw ApiError.missing(choice.name(ALLOWED), "an object");
        }
        String mode = given.word("mode", Set.of("auto", "required"));
        JsonArray tools = given.array("tools");
        if (mode == null || tools == null) {
            throw ApiError.missing(given.name(mode == null ? "mode" : "tools"), "mode and tools");
        }
        JsonArray names = new JsonArray();
        for (int i = 0; i < tools.size(); i++) {
            Fields tool = Fields.element(tools, i, given.name("tools"));
            Fields function = tool.has(FUNCTION) ? tool.object(FUNCTION) : tool;
            names.add(new JsonObject()
                    .put("type", FUNCTION)
                    .put("name", function == null ? null : function.requiredString("name")));
        }
        return new JsonObject().put("type", ALLOWED).put("mode", mode).put("tools", names);
    }
}

package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, in the terms of OpenAI's Responses API. The JSON inside must not be changed.
 *
 * @param model the client's choice; empty where it made none
 * @param input items: messages with an array of content parts, function calls and their outputs
 * @param tools functions, each {@code {"type":"function","name",…}}
 * @param options {@code temperature}, {@code top_p}, {@code max_output_tokens}, {@code tool_choice}, {@code parallel_tool_calls},
 *     {@code reasoning}, {@code text}, {@link #OTHERS}: those that the client gave
 * @param continuation what an interrupted answer says already; null at the start of one
 */
public record ModelRequest(
        String model,
        @Nullable String instructions,
        JsonArray input,
        JsonArray tools,
        JsonObject options,
        @Nullable Continuation continuation) {
    /** The options that are called the same in chat completions and in responses, and go from the client to the upstream as they are. */
    public static final List<String> COMMON_OPTIONS = List.of(
            "temperature",
            "top_p",
            "parallel_tool_calls",
            "stop",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias");

    /** The option that has the members of a request which mean nothing here and go to the upstream unchanged. */
    static final String OTHERS = "others";

    private static final String TRACE = "trace";

    /** The members by which compatible servers take a shape for the answer. */
    private static final Set<String> GUIDED = Set.of(
            "grammar",
            "guided_choice",
            "guided_grammar",
            "guided_json",
            "guided_regex",
            "json_schema",
            "structured_outputs");

    private static final String TOOL_CHOICE = "tool_choice";

    /** Makes a request of one user message. */
    public static ModelRequest plain(String text) {
        JsonObject part = new JsonObject().put("type", "input_text").put("text", text);
        return new ModelRequest("", null, new JsonArray().add(message(part)), new JsonArray(), new JsonObject(), null);
    }

    private static JsonObject message(JsonObject part) {
        return new JsonObject().put("type", "message").put("role", "user").put("content", new JsonArray().add(part));
    }

    /** Reads the result of {@link #json()}. */
    public static ModelRequest of(JsonObject json) {
        JsonObject interrupted = json.getJsonObject("continuation");
        return new ModelRequest(
                json.getString("model", ""),
                json.getString("instructions"),
                json.getJsonArray("input"),
                json.getJsonArray("tools", new JsonArray()),
                json.getJsonObject("options", new JsonObject()),
                interrupted == null
                        ? null
                        : new Continuation(
                                interrupted.getString("text"),
                                interrupted.getLong("tokens"),
                                interrupted.getString("reasoning", ""),
                                interrupted.getString("refusal", "")));
    }

    /** The whole request, to be stored. */
    public JsonObject json() {
        JsonObject json = new JsonObject()
                .put("model", model)
                .put("input", input)
                .put("tools", tools)
                .put("options", options);
        if (instructions != null) {
            json.put("instructions", instructions);
        }
        if (continuation != null) {
            json.put(
                    "continuation",
                    new JsonObject()
                            .put("text", continuation.text())
                            .put("tokens", continuation.tokens())
                            .put("reasoning", continuation.reasoning())
                            .put("refusal", continuation.refusal()));
        }
        return json;
    }

    /** Returns the same request with an interrupted answer to continue; null: from the start. */
    public ModelRequest continuing(@Nullable Continuation interrupted) {
        return new ModelRequest(model, instructions, input, tools, options, interrupted);
    }

    /**
     * Returns the request of the next turn: the input followed by the model's output, its tool calls and their results. A forced tool
     * choice is dropped, since the model would be forced to call again for ever.
     */
    public ModelRequest with(JsonArray more) {
        JsonObject left = options.copy();
        if (left.getValue(TOOL_CHOICE) instanceof JsonObject allowed && allowed.getString("mode") != null) {
            left.put(TOOL_CHOICE, allowed.copy().put("mode", "auto"));
        } else if (!"none".equals(left.getValue(TOOL_CHOICE))) {
            left.remove(TOOL_CHOICE);
        }
        return new ModelRequest(model, instructions, input.copy().addAll(more), tools, left, null);
    }

    /** The same request with these functions on top, which replace those of the same name. */
    public ModelRequest offering(JsonArray functions) {
        if (functions.isEmpty()) {
            return this;
        }
        Map<String, JsonObject> all = new LinkedHashMap<>();
        for (JsonArray each : List.of(tools, functions)) {
            for (int i = 0; i < each.size(); i++) {
                all.put(each.getJsonObject(i).getString("name"), each.getJsonObject(i));
            }
        }
        return new ModelRequest(
                model, instructions, input, new JsonArray(List.copyOf(all.values())), options, continuation);
    }

    /** The same request with the trace headers of its client, by their names; they are stored with it. */
    public ModelRequest traced(JsonObject headers) {
        return headers.isEmpty()
                ? this
                : new ModelRequest(
                        model, instructions, input, tools, options.copy().put(TRACE, headers), continuation);
    }

    /** The trace headers that go on to the upstream. */
    public TraceHeaders trace() {
        return TraceHeaders.of(options.getJsonObject(TRACE, new JsonObject()));
    }

    /** Whether a function of this name was offered to the model. */
    boolean offers(String name) {
        return offered().stream().anyMatch(tool -> name.equals(((JsonObject) tool).getString("name")));
    }

    /** The functions, without those that {@code allowed_tools} leaves out: most upstreams do not know that choice. */
    JsonArray offered() {
        if (!(options.getValue(TOOL_CHOICE) instanceof JsonObject choice) || choice.getJsonArray("tools") == null) {
            return tools;
        }
        Set<String> allowed = choice.getJsonArray("tools").stream()
                .map(tool -> ((JsonObject) tool).getString("name", ""))
                .collect(Collectors.toSet());
        JsonArray left = new JsonArray();
        tools.stream()
                .filter(tool -> allowed.contains(((JsonObject) tool).getString("name")))
                .forEach(left::add);
        return left;
    }

    /** The choice among them: a word, or a function; null: none was made. */
    @Nullable
    Object choice() {
        Object choice = options.getValue(TOOL_CHOICE);
        return choice instanceof JsonObject object && object.getString("mode") != null
                ? object.getString("mode")
                : choice;
    }

    /** Whether the answer must be JSON of a given shape, which does not survive being put together from two attempts. */
    public boolean isStructured() {
        JsonObject text = options.getJsonObject("text");
        JsonObject format = text == null ? null : text.getJsonObject("format");
        return (format != null && !format.getString("type", "text").equals("text"))
                || options.getJsonObject(OTHERS, new JsonObject()).fieldNames().stream()
                        .anyMatch(GUIDED::contains);
    }

    /** The text of the last message; empty where there is none. */
    public String lastText() {
        for (int i = input.size() - 1; i >= 0; i--) {
            if (input.getJsonObject(i).getJsonArray("content") != null) {
                return text(input, i);
            }
        }
        return "";
    }

    /** The text of a message, or of the parts of a tool's result; empty where there is none. */
    static String text(JsonArray items, int index) {
        if (index < 0) {
            return "";
        }
        JsonObject item = items.getJsonObject(index);
        StringBuilder text = new StringBuilder();
        for (String member : List.of("content", "output")) {
            if (item.getValue(member) instanceof JsonArray parts) {
                parts.forEach(part -> text.append(((JsonObject) part).getString("text", "")));
            }
        }
        return text.toString();
    }
}

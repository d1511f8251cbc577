package dev.lastcall.openai;

import dev.lastcall.model.ModelRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;

/** Reads the body of {@code POST /v1/chat/completions} into the words of the Responses API. */
final class ParsedChatRequest {
    /** Members that have a meaning here; every other one goes to the model's upstream unchanged, as servers have many of their own. */
    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "n",
            "logprobs",
            "functions",
            "function_call",
            "audio",
            "store",
            "metadata",
            "tools",
            "tool_choice",
            "max_tokens",
            "max_completion_tokens",
            "reasoning_effort",
            "verbosity",
            "response_format");

    private ParsedChatRequest() {}

    static ParsedRequest of(JsonObject json) {
        Fields body = new Fields(json);
        refuseWhatIsMissing(body);
        String model = body.string("model");
        JsonArray messages = body.array("messages");
        if (messages == null) {
            throw ApiError.missing("messages", "at least one message");
        }
        if (messages.isEmpty()) {
            throw ApiError.wrong(
                    "empty_array",
                    "messages",
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array"
                            + " instead.");
        }
        Fields streamOptions = body.object("stream_options");
        return new ParsedRequest(
                model == null ? "" : model,
                null,
                ChatInput.items(messages),
                Functions.of(body.array("tools"), true),
                options(body),
                new JsonObject().put("model", model == null ? "" : model).put("store", false),
                new ParsedRequest.Mode(body.flag("stream", false), false, false),
                null,
                streamOptions != null && streamOptions.flag("include_usage", false));
    }

    private static void refuseWhatIsMissing(Fields body) {
        if (body.has("n") && !(body.json().getValue("n") instanceof Number n && n.doubleValue() == 1)) {
            throw ApiError.unsupported("n", "n: only 1 is supported; send the request several times.");
        }
        if (body.has("functions")) {
            throw ApiError.unsupported("functions", "functions is not supported here; send tools.");
        }
        if (body.has("audio")) {
            throw ApiError.unsupported("audio", "audio is not supported here; leave it out.");
        }
    }

    private static JsonObject options(Fields body) {
        body.number("temperature", 0, 2);
        body.number("top_p", 0, 1);
        body.flag("parallel_tool_calls", true);
        JsonObject options = new JsonObject();
        for (String option : ModelRequest.COMMON_OPTIONS) {
            if (body.has(option)) {
                options.put(option, body.json().getValue(option));
            }
        }
        limit(body, options, "max_tokens");
        limit(body, options, "max_completion_tokens");
        if (body.has("reasoning_effort")) {
            options.put("reasoning", new JsonObject().put("effort", body.string("reasoning_effort")));
        }
        text(body, options);
        Logprobs.check(body);
        JsonObject others = others(body.json());
        if (body.flag(Logprobs.MEMBER, false)) {
            others.put(Logprobs.MEMBER, true);
        }
        if (!others.isEmpty()) {
            options.put(ParsedRequest.OTHERS, others);
        }
        Object choice = Functions.choice(body);
        return choice == null ? options : options.put("tool_choice", choice);
    }

    private static JsonObject others(JsonObject body) {
        JsonObject others = new JsonObject();
        for (Map.Entry<String, Object> member : body) {
            if (!KNOWN.contains(member.getKey()) && !ModelRequest.COMMON_OPTIONS.contains(member.getKey())) {
                others.put(member.getKey(), member.getValue());
            }
        }
        return others;
    }

    private static void limit(Fields body, JsonObject options, String member) {
        body.count(member, 1);
        if (body.has(member)) {
            options.put("max_output_tokens", body.json().getLong(member));
        }
    }

    private static void text(Fields body, JsonObject options) {
        JsonObject text = new JsonObject();
        if (body.has("verbosity")) {
            text.put("verbosity", body.string("verbosity"));
        }
        Fields format = body.object("response_format");
        if (format != null) {
            Fields schema = format.object("json_schema");
            JsonObject flat = new JsonObject().put("type", format.requiredString("type"));
            text.put("format", schema == null ? flat : flat.mergeIn(schema.json()));
        }
        if (!text.isEmpty()) {
            options.put("text", text);
        }
    }
}

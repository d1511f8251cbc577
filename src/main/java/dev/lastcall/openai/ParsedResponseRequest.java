package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the body of {@code POST /v1/responses}. */
final class ParsedResponseRequest {
    private static final List<String> OPTIONS =
            List.of("temperature", "top_p", "max_output_tokens", "parallel_tool_calls", "reasoning", "text");
    private static final List<String> ECHOED = List.of(
            "instructions",
            "previous_response_id",
            "truncation",
            "service_tier",
            "user",
            "safety_identifier",
            "prompt_cache_key");
    /** Parameters that would change the answer and are not supported here. */
    private static final List<String> UNSUPPORTED = List.of("conversation", "prompt");

    /** The echoed parameters that a chat completion has too. */
    private static final List<String> OTHERS = List.of("service_tier", "user", "safety_identifier", "prompt_cache_key");

    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");
    private static final int METADATA_ENTRIES = 16;
    private static final int METADATA_KEY = 64;
    private static final int METADATA_VALUE = 512;
    private static final Set<String> INCLUDES = Set.of(
            "code_interpreter_call.outputs",
            "computer_call_output.output.image_url",
            "file_search_call.results",
            "message.input_image.image_url",
            Logprobs.INCLUDE,
            "reasoning.encrypted_content",
            "web_search_call.action.sources",
            "web_search_call.results");
    /** The members of OpenAI's own request, whatever becomes of them here. */
    private static final Set<String> KNOWN = Set.of(
            "background",
            "context_management",
            "conversation",
            "include",
            "input",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "metadata",
            "model",
            "moderation",
            "parallel_tool_calls",
            "previous_response_id",
            "prompt",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "service_tier",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "text",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "truncation",
            "user");

    private ParsedResponseRequest() {}

    static ParsedRequest of(JsonObject json) {
        Fields body = new Fields(json);
        for (String member : UNSUPPORTED) {
            if (body.has(member)) {
                throw ApiError.unsupported(member, member + " is not supported here; send the input itself.");
            }
        }
        checkNames(body);
        checkOptions(body);
        String model = body.string("model");
        JsonArray tools = Functions.of(body.array("tools"), false);
        JsonObject options = options(body);
        JsonObject search = FileSearch.of(body.array("tools"), isAskedFor(body, "file_search_call.results"));
        JsonObject echo = echo(body, options, tools, model == null ? "" : model);
        if (search != null) {
            options.put(FileSearch.OPTION, search);
            JsonObject shown = search.copy();
            shown.remove("results");
            echo.getJsonArray("tools").add(shown);
            tools.add(FileSearch.function());
        }
        JsonObject others = new JsonObject();
        OTHERS.stream().filter(body::has).forEach(member -> others.put(member, body.string(member)));
        others.mergeIn(Logprobs.ofResponse(body));
        if (!others.isEmpty()) {
            options.put(ParsedRequest.OTHERS, others);
        }
        return new ParsedRequest(
                model == null ? "" : model,
                body.string("instructions"),
                InputItems.of(json.getValue("input")),
                tools,
                options,
                echo,
                mode(body),
                body.string("previous_response_id"),
                false);
    }

    private static ParsedRequest.Mode mode(Fields body) {
        boolean background = body.flag("background", false);
        boolean stored = body.flag("store", true);
        if (background && !stored) {
            throw ApiError.invalid("background", "background: true needs store: true; nobody could read the answer.");
        }
        return new ParsedRequest.Mode(body.flag("stream", false), background, stored);
    }

    private static void checkOptions(Fields body) {
        body.number("temperature", 0, 2);
        body.number("top_p", 0, 1);
        body.count("max_output_tokens", 16);
        body.flag("parallel_tool_calls", true);
        body.word("truncation", Set.of("auto", "disabled"));
        Fields reasoning = body.object("reasoning");
        if (reasoning != null) {
            reasoning.only(Set.of("effort", "summary", "generate_summary"));
            reasoning.string("effort");
        }
        Fields text = body.object("text");
        if (text != null) {
            text.only(Set.of("format", "verbosity"));
            text.string("verbosity");
            Fields format = text.object("format");
            if (format != null) {
                format.only(Set.of("type", "name", "schema", "description", "strict"));
                format.word("type", FORMATS);
            }
        }
    }

    private static JsonObject options(Fields body) {
        JsonObject options = new JsonObject();
        for (String option : OPTIONS) {
            if (body.has(option)) {
                options.put(option, body.json().getValue(option));
            }
        }
        Object choice = Functions.choice(body);
        return choice == null ? options : options.put("tool_choice", choice);
    }

    /** The members that the client set; the rest of the response object has its defaults. */
    private static JsonObject echo(Fields body, JsonObject options, JsonArray tools, String model) {
        JsonObject echo = options.copy();
        if (!model.isEmpty()) {
            echo.put("model", model);
        }
        if (body.has("top_logprobs")) {
            echo.put("top_logprobs", body.json().getValue("top_logprobs"));
        }
        for (String member : ECHOED) {
            if (body.has(member)) {
                echo.put(member, body.string(member));
            }
        }
        return echo.put("tools", strictly(tools))
                .put("metadata", metadata(body))
                .put("background", body.flag("background", false))
                .put("store", body.flag("store", true));
    }

    private static boolean isAskedFor(Fields body, String include) {
        JsonArray given = body.array("include");
        return given != null && given.contains(include);
    }

    /** Completes functions with the members that a response always has. */
    private static JsonArray strictly(JsonArray tools) {
        JsonArray strict = new JsonArray();
        for (int i = 0; i < tools.size(); i++) {
            JsonObject tool = tools.getJsonObject(i);
            strict.add(
                    new JsonObject().putNull("parameters").put("strict", true).mergeIn(tool));
        }
        return strict;
    }

    private static JsonObject metadata(Fields body) {
        Fields metadata = body.object("metadata");
        if (metadata == null) {
            return new JsonObject();
        }
        if (metadata.json().size() > METADATA_ENTRIES) {
            throw ApiError.wrong(
                    "object_above_max_properties",
                    "metadata",
                    "Invalid 'metadata': too many properties. Expected at most " + METADATA_ENTRIES + ", but got "
                            + metadata.json().size() + " instead.");
        }
        for (Map.Entry<String, Object> entry : metadata.json()) {
            if (!(entry.getValue() instanceof String value)) {
                throw Fields.wrong(metadata.name(entry.getKey()), entry.getValue(), "a string");
            }
            atMost("key", entry.getKey(), METADATA_KEY);
            atMost("value", value, METADATA_VALUE);
        }
        return metadata.json();
    }

    private static void atMost(String what, String text, int limit) {
        if (text.codePointCount(0, text.length()) > limit) {
            throw ApiError.wrong(
                    "string_above_max_length",
                    "metadata",
                    "Invalid 'metadata': a " + what + " is too long. Expected at most " + limit
                            + " characters, but got " + text.codePointCount(0, text.length()) + " instead.");
        }
    }

    /** Members that OpenAI does not know either are refused, so that a misspelt one is noticed. */
    private static void checkNames(Fields body) {
        body.only(KNOWN);
        JsonArray include = body.array("include");
        for (int i = 0; include != null && i < include.size(); i++) {
            String value = String.valueOf(include.getValue(i));
            if (!INCLUDES.contains(value)) {
                throw ApiError.invalid(
                        "include[" + i + "]",
                        "Invalid value: '" + value + "' (expected: one of "
                                + String.join(", ", INCLUDES.stream().sorted().toList()) + ").");
            }
        }
    }
}

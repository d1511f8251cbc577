package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request in the words of chat completions. */
final class ChatBody {
    private static final String GO_ON = "Your answer above was cut off. Go on exactly after its last character."
            + " Do not repeat any of it, do not start again, and say nothing about the interruption.";

    private final ModelRequest request;
    private final Strategy strategy;
    private final JsonObject body = new JsonObject().put("stream", true);

    private ChatBody(ModelRequest request, Strategy strategy) {
        this.request = request;
        this.strategy = strategy;
    }

    /**
     * The body of the HTTP request.
     *
     * @param model what the upstream calls the model; null: not said
     * @param limitField the field for the most tokens
     * @param upstream its name, for the thoughts that came from it
     */
    static JsonObject of(
            ModelRequest request, Strategy strategy, @Nullable String model, String limitField, String upstream) {
        ChatBody chat = new ChatBody(request, strategy);
        if (model != null) {
            chat.body.put("model", model);
        }
        chat.body.put("stream_options", new JsonObject().put("include_usage", true));
        chat.messages(upstream);
        chat.tools();
        chat.options(limitField);
        return chat.body;
    }

    private void messages(String upstream) {
        JsonArray messages = ChatMessages.of(request.instructions(), request.input(), upstream);
        Continuation interrupted = request.continuation();
        if (interrupted != null
                && strategy != Strategy.EXACT
                && !interrupted.text().isEmpty()) {
            messages.add(ChatMessages.message("assistant", interrupted.text()));
            if (strategy == Strategy.PREFIX) {
                body.put("continue_final_message", true).put("add_generation_prompt", false);
            } else {
                messages.add(ChatMessages.message("user", GO_ON));
            }
        }
        body.put("messages", messages);
    }

    private void tools() {
        JsonArray tools = new JsonArray();
        JsonArray offered = request.offered();
        for (int i = 0; i < offered.size(); i++) {
            JsonObject function = offered.getJsonObject(i).copy();
            function.remove("type");
            tools.add(new JsonObject().put("type", "function").put("function", function));
        }
        if (tools.isEmpty()) {
            return;
        }
        body.put("tools", tools);
        Object choice = request.choice();
        if (choice instanceof JsonObject named && named.containsKey("name")) {
            JsonObject function = new JsonObject().put("name", named.getString("name"));
            body.put("tool_choice", new JsonObject().put("type", "function").put("function", function));
        } else if (choice != null) {
            body.put("tool_choice", choice);
        }
    }

    private void options(String limitField) {
        JsonObject options = request.options();
        for (String option : ModelRequest.COMMON_OPTIONS) {
            if (options.getValue(option) != null) {
                body.put(option, options.getValue(option));
            }
        }
        if (options.getValue("max_output_tokens") != null) {
            body.put(limitField, Math.max(1, options.getLong("max_output_tokens") - alreadySaid()));
        }
        JsonObject others = options.getJsonObject(ModelRequest.OTHERS, new JsonObject());
        for (Map.Entry<String, Object> other : others) {
            if (!body.containsKey(other.getKey())) {
                body.put(other.getKey(), other.getValue());
            }
        }
        JsonObject reasoning = options.getJsonObject("reasoning");
        if (reasoning != null && reasoning.getString("effort") != null) {
            body.put("reasoning_effort", reasoning.getString("effort"));
        }
        JsonObject text = options.getJsonObject("text");
        if (text != null && text.getString("verbosity") != null) {
            body.put("verbosity", text.getString("verbosity"));
        }
        if (text != null && request.isStructured()) {
            body.put("response_format", format(text.getJsonObject("format")));
        }
    }

    private long alreadySaid() {
        Continuation interrupted = request.continuation();
        return interrupted == null || strategy == Strategy.EXACT ? 0 : interrupted.tokens();
    }

    private static JsonObject format(JsonObject format) {
        String type = format.getString("type");
        if (!"json_schema".equals(type)) {
            return format;
        }
        JsonObject schema = format.copy();
        schema.remove("type");
        return new JsonObject().put("type", type).put("json_schema", schema);
    }
}

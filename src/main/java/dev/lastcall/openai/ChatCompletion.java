package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A response object that has ended, in the words of chat completions. */
final class ChatCompletion {
    /** The member in which servers of chat completions put the model's reasoning; OpenAI's own show none of it. */
    static final String REASONING = "reasoning_content";

    private static final String STATUS = "status";

    private ChatCompletion() {}

    /** Whether the model's upstream refused the request before anything was said. */
    static boolean isRefused(JsonObject response) {
        JsonObject error = response.getJsonObject("error");
        return error != null
                && error.getInteger(STATUS) != null
                && response.getJsonArray("output").isEmpty();
    }

    /** {@code chatcmpl-} and 32 hexadecimal digits. */
    static String id(UUID run) {
        return "chatcmpl-" + run.toString().replace("-", "");
    }

    /** @throws ApiError where the run failed */
    static JsonObject of(UUID run, JsonObject response) {
        if ("failed".equals(response.getString(STATUS))) {
            throw failure(response);
        }
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("message", message(response.getJsonArray("output")))
                .put("logprobs", logprobs(response.getJsonArray("output")))
                .put("finish_reason", finishReason(response));
        return new JsonObject()
                .put("id", id(run))
                .put("object", "chat.completion")
                .put("created", response.getLong("created_at"))
                .put("model", response.getString("model"))
                .put("choices", new JsonArray().add(choice))
                .put("usage", usage(response));
    }

    private static JsonObject message(JsonArray output) {
        JsonArray calls = openCalls(output);
        String text = written(output, "message", "text");
        String refusal = written(output, "message", "refusal");
        String reasoning = written(output, "reasoning", "text");
        boolean silent = text.isEmpty() && !(calls.isEmpty() && refusal.isEmpty());
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", silent ? null : text)
                .put("refusal", refusal.isEmpty() ? null : refusal);
        if (!reasoning.isEmpty()) {
            message.put(REASONING, reasoning);
        }
        return calls.isEmpty() ? message : message.put("tool_calls", calls);
    }

    private static String written(JsonArray output, String type, String member) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < output.size(); i++) {
            JsonObject item = output.getJsonObject(i);
            if (type.equals(item.getString("type"))) {
                item.getJsonArray("content").forEach(part -> text.append(((JsonObject) part).getString(member, "")));
            }
        }
        return text.toString();
    }

    /** Returns the log probabilities; null where the model gave none. */
    private static @Nullable JsonObject logprobs(JsonArray output) {
        JsonArray all = new JsonArray();
        for (int i = 0; i < output.size(); i++) {
            if ("message".equals(output.getJsonObject(i).getString("type"))) {
                output.getJsonObject(i)
                        .getJsonArray("content")
                        .forEach(part -> all.addAll(((JsonObject) part).getJsonArray("logprobs", new JsonArray())));
            }
        }
        return all.isEmpty() ? null : new JsonObject().put("content", all).putNull("refusal");
    }

    /** The calls that are the client's to carry out: those that have no result here. */
    static JsonArray openCalls(JsonArray output) {
        List<JsonObject> open = new ArrayList<>();
        for (int i = 0; i < output.size(); i++) {
            JsonObject item = output.getJsonObject(i);
            String id = item.getString("call_id", "");
            if ("function_call".equals(item.getString("type"))) {
                open.add(item);
            } else if ("function_call_output".equals(item.getString("type"))) {
                open.stream()
                        .filter(call -> id.equals(call.getString("call_id")))
                        .findFirst()
                        .ifPresent(open::remove);
            }
        }
        JsonArray calls = new JsonArray();
        open.forEach(item -> calls.add(call(item)));
        return calls;
    }

    private static JsonObject call(JsonObject item) {
        JsonObject function =
                new JsonObject().put("name", item.getString("name")).put("arguments", item.getString("arguments"));
        return new JsonObject()
                .put("id", item.getString("call_id"))
                .put("type", "function")
                .put("function", function);
    }

    static String finishReason(JsonObject response) {
        JsonObject incomplete = response.getJsonObject("incomplete_details");
        if (incomplete != null) {
            return "content_filter".equals(incomplete.getString("reason")) ? "content_filter" : "length";
        }
        return openCalls(response.getJsonArray("output")).isEmpty() ? "stop" : "tool_calls";
    }

    static JsonObject usage(JsonObject response) {
        JsonObject usage = response.getJsonObject("usage");
        if (usage == null) {
            return new JsonObject()
                    .put("prompt_tokens", 0)
                    .put("completion_tokens", 0)
                    .put("total_tokens", 0);
        }
        return new JsonObject()
                .put("prompt_tokens", usage.getLong("input_tokens"))
                .put("completion_tokens", usage.getLong("output_tokens"))
                .put("total_tokens", usage.getLong("total_tokens"))
                .put("prompt_tokens_details", details(usage, "input_tokens_details", "cached_tokens"))
                .put("completion_tokens_details", details(usage, "output_tokens_details", "reasoning_tokens"));
    }

    private static JsonObject details(JsonObject usage, String details, String name) {
        JsonObject given = usage.getJsonObject(details);
        return new JsonObject().put(name, given == null ? Long.valueOf(0) : given.getLong(name));
    }

    static ApiError failure(JsonObject response) {
        JsonObject error = response.getJsonObject("error");
        String message = error == null ? "The model failed. Send the request again." : error.getString("message");
        if (error != null && error.getInteger(STATUS) != null) {
            return ApiError.refused(error.getInteger(STATUS), error.getString("code"), message);
        }
        return error != null && "rate_limit_exceeded".equals(error.getString("code"))
                ? ApiError.rateLimit(message)
                : ApiError.upstream(message);
    }
}

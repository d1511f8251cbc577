package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the server-sent events of a chat completion, from bytes as they come to events of the model. What is malformed throws a
 * {@link ModelFailure}. Not thread-safe.
 */
final class ChatStream {
    /** No chunk of a token is that long; a line without end would fill the memory. */
    private static final int LONGEST_LINE = 1 << 20;

    private final Consumer<ModelEvent> sink;
    private final ToolCalls toolCalls = new ToolCalls();
    private final Surrogates surrogates = new Surrogates();
    private Buffer unread = Buffer.buffer();
    private @Nullable FinishReason reason;
    private @Nullable Usage usage;
    private boolean done;

    ChatStream(Consumer<ModelEvent> sink) {
        this.sink = sink;
    }

    void read(Buffer bytes) {
        Buffer all = unread.length() == 0 ? bytes : unread.appendBuffer(bytes);
        int start = 0;
        for (int i = unread == all ? all.length() - bytes.length() : 0; i < all.length(); i++) {
            if (all.getByte(i) == '\n') {
                line(all.getString(start, i));
                start = i + 1;
            }
        }
        unread = all.getBuffer(start, all.length());
        if (unread.length() > LONGEST_LINE) {
            throw malformed(null);
        }
    }

    /** The upstream has said all: right only once it said why it stopped. */
    void end() {
        if (!done) {
            finish();
        }
    }

    boolean isDone() {
        return done;
    }

    private void line(String line) {
        // Comments, names and ids say nothing here; neither does the carriage return that some servers send.
        if (!done && line.startsWith("data:")) {
            String data = line.substring("data:".length()).strip();
            if (data.equals("[DONE]")) {
                finish();
            } else {
                chunk(parse(data));
            }
        }
    }

    private void finish() {
        if (reason == null) {
            throw ModelFailure.interrupted("the model's upstream ended in the middle of its answer", null);
        }
        done = true;
        toolCalls.forEach(sink);
        sink.accept(new ModelEvent.Finish(reason, usage));
    }

    private static JsonObject parse(String data) {
        try {
            return new JsonObject(data);
        } catch (DecodeException e) {
            throw malformed(e);
        }
    }

    private void chunk(JsonObject chunk) {
        try {
            if (chunk.getValue("error") != null) {
                throw UpstreamError.inStream(chunk.getValue("error"));
            }
            if (chunk.getJsonObject("usage") != null) {
                usage = usage(chunk.getJsonObject("usage"));
            }
            JsonArray choices = chunk.getJsonArray("choices");
            if (choices != null && !choices.isEmpty()) {
                choice(choices.getJsonObject(0));
            }
        } catch (ClassCastException e) {
            throw malformed(e);
        }
    }

    private void choice(JsonObject choice) {
        JsonObject delta = choice.getJsonObject("delta");
        if (delta != null) {
            text(delta.getString("content"));
            text(delta.getString("refusal"));
            if (delta.getJsonArray("tool_calls") != null) {
                toolCalls.add(delta.getJsonArray("tool_calls"));
            }
        }
        String finish = choice.getString("finish_reason");
        if (finish != null) {
            reason = reason(finish);
        }
    }

    private void text(@Nullable String delta) {
        String whole = delta == null ? "" : surrogates.join(delta);
        if (!whole.isEmpty()) {
            sink.accept(new ModelEvent.Text(whole));
        }
    }

    private static FinishReason reason(String finish) {
        return switch (finish) {
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "length" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> FinishReason.STOP;
        };
    }

    private static Usage usage(JsonObject usage) {
        JsonObject input = usage.getJsonObject("prompt_tokens_details");
        JsonObject output = usage.getJsonObject("completion_tokens_details");
        return new Usage(
                count(usage, "prompt_tokens"),
                count(input, "cached_tokens"),
                count(usage, "completion_tokens"),
                count(output, "reasoning_tokens"));
    }

    private static long count(@Nullable JsonObject usage, String name) {
        Long count = usage == null ? null : usage.getLong(name);
        return count == null ? 0 : count;
    }

    private static ModelFailure malformed(@Nullable Throwable cause) {
        return ModelFailure.interrupted("the model's upstream sent what is no chat completion", cause);
    }
}

package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chat completion, from bytes as they come to events of the model: as server-sent events, or as one JSON object from servers that do
 * not stream. What is malformed throws a {@link ModelFailure}, unless the model has said why it stopped: the answer is whole then, whatever
 * follows. Not thread-safe.
 */
final class ChatStream {
    private static final String DONE = "[DONE]";
    private static final String ERROR = "error";

    private final Consumer<ModelEvent> sink;
    private final ServerSentEvents events = new ServerSentEvents(this::event);
    private final ToolCalls toolCalls = new ToolCalls();
    private final Surrogates surrogates = new Surrogates();
    private final Surrogates refusals = new Surrogates();
    private final Thoughts thoughts;
    private @Nullable FinishReason reason;
    private @Nullable Usage usage;
    private boolean done;

    ChatStream(Consumer<ModelEvent> sink) {
        this("", sink);
    }

    /** @param upstream its name, for the thoughts that are sent back to it */
    ChatStream(String upstream, Consumer<ModelEvent> sink) {
        this.sink = sink;
        thoughts = new Thoughts(upstream, sink);
    }

    void read(Buffer bytes) {
        guarded(() -> events.read(bytes));
    }

    /** Takes an answer that is one JSON object; its end is the answer's. */
    void whole(Buffer json) {
        guarded(() -> {
            chunk(parse(json.toString()));
            finish(FinishReason.STOP);
        });
    }

    /** The upstream has said all: right only once it said why it stopped. */
    void end() {
        guarded(events::end);
        finish(null);
    }

    boolean isDone() {
        return done;
    }

    /** The connection broke: an answer that says why it stopped is whole all the same. */
    boolean finishBroken() {
        if (!done && reason != null) {
            finish(null);
        }
        return done;
    }

    private void guarded(Runnable reading) {
        try {
            reading.run();
        } catch (ServerSentEvents.TooLong | ModelFailure e) {
            if (!finishBroken()) {
                throw e instanceof ModelFailure failure ? failure : malformed(e);
            }
        }
    }

    private void event(String name, String data) {
        if (done) {
            return;
        }
        if (data.strip().equals(DONE)) {
            finish(FinishReason.STOP);
        } else if (name.equals(ERROR)) {
            throw UpstreamError.inStream(error(data));
        } else {
            chunks(data.strip());
        }
    }

    /** An error object, bare or as a member, or a text. */
    private static @Nullable Object error(String data) {
        try {
            JsonObject object = new JsonObject(data);
            return object.getValue(ERROR, object);
        } catch (DecodeException e) {
            return new JsonObject().put("message", data);
        }
    }

    private void chunks(String data) {
        if (data.isEmpty()) {
            return;
        }
        JsonObject whole = tryToParse(data);
        if (whole != null) {
            chunk(whole);
            return;
        }
        // Some servers forget the empty line between two events.
        List<String> lines = data.lines().toList();
        if (lines.size() == 1) {
            throw malformed(null);
        }
        lines.forEach(line -> event("", line));
    }

    /** @param otherwise the reason where the upstream gave none; null: it must have given one */
    private void finish(@Nullable FinishReason otherwise) {
        if (done) {
            return;
        }
        FinishReason why = reason != null ? reason : otherwise;
        if (why == null) {
            throw ModelFailure.interrupted("the model's upstream ended in the middle of its answer", null);
        }
        done = true;
        thoughts.end();
        boolean cut = why == FinishReason.LENGTH || why == FinishReason.CONTENT_FILTER;
        toolCalls.forEach(cut, sink);
        boolean calls = reason == null && !toolCalls.isEmpty();
        sink.accept(new ModelEvent.Finish(calls ? FinishReason.TOOL_CALLS : why, usage));
    }

    private static JsonObject parse(String data) {
        JsonObject object = tryToParse(data);
        if (object == null) {
            throw malformed(null);
        }
        return object;
    }

    private static @Nullable JsonObject tryToParse(String data) {
        try {
            return new JsonObject(data);
        } catch (DecodeException e) {
            return null;
        }
    }

    private void chunk(JsonObject chunk) {
        try {
            Object error = chunk.getValue(ERROR);
            if (error != null && !Boolean.FALSE.equals(error)) {
                throw UpstreamError.inStream(error);
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
        delta = delta == null ? choice.getJsonObject("message") : delta;
        if (delta != null) {
            thoughts.read(delta);
            content(delta.getValue("content"));
            refusal(delta.getString("refusal"));
            if (delta.getJsonArray("tool_calls") != null) {
                toolCalls.add(delta.getJsonArray("tool_calls"));
            }
            if (delta.getJsonObject("function_call") != null) {
                // The older form of the same: one call, without an id.
                toolCalls.add(new JsonArray()
                        .add(new JsonObject().put("index", 0).put("function", delta.getJsonObject("function_call"))));
            }
        }
        String finish = choice.getString("finish_reason");
        if (ERROR.equals(finish)) {
            throw UpstreamError.inStream(choice.getValue(ERROR));
        }
        if (finish != null && !finish.isEmpty()) {
            reason = reason(finish);
        }
    }

    /** A text, or parts of which those of type {@code text} are the answer and those of type {@code thinking} reasoning. */
    private void content(@Nullable Object content) {
        if (content instanceof JsonArray parts) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.getValue(i) instanceof JsonObject part) {
                    part(part);
                }
            }
        } else {
            text((String) content);
        }
    }

    private void part(JsonObject part) {
        switch (part.getString("type", "text")) {
            case "text" -> text(part.getString("text"));
            case ReasoningOrigin.THINKING -> thoughts.part(part.getValue(ReasoningOrigin.THINKING));
            default -> {
                // References and the like, which have no place in the answer.
            }
        }
    }

    private void text(@Nullable String delta) {
        String whole = delta == null ? "" : surrogates.join(delta);
        if (!whole.isEmpty()) {
            thoughts.end();
            sink.accept(new ModelEvent.Text(whole));
        }
    }

    private void refusal(@Nullable String delta) {
        String whole = delta == null ? "" : refusals.join(delta);
        if (!whole.isEmpty()) {
            thoughts.end();
            sink.accept(new ModelEvent.Refusal(whole));
        }
    }

    private static FinishReason reason(String finish) {
        return switch (finish) {
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "length", "model_length", "max_tokens" -> FinishReason.LENGTH;
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

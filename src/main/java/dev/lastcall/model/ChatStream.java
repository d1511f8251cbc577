package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chat completion, from bytes as they come to events of the model: as server-sent events, or as one JSON object from servers that do
 * not stream; the first byte tells which, because servers and what stands before them mislabel both. What is malformed throws a {@link
 * ModelFailure}, unless the model has said why it stopped: the answer is whole then, whatever follows. Members that the answer does not need
 * are passed over where they are not of their kind. Not thread-safe.
 */
final class ChatStream {
    private static final String DONE = "[DONE]";
    private static final String ERROR = "error";
    private static final String TEXT = "text";
    /** In bytes; no answer of a server that does not stream is that long. */
    private static final int LONGEST_BODY = 16 << 20;

    private final Consumer<ModelEvent> sink;
    private final ServerSentEvents events = new ServerSentEvents(this::event);
    private final ToolCalls toolCalls = new ToolCalls();
    private final Surrogates surrogates = new Surrogates();
    private final Surrogates refusals = new Surrogates();
    private final Thoughts thoughts;
    private @Nullable FinishReason reason;
    private @Nullable Usage usage;
    /** All that came, where it is one JSON value; null: it is a stream. */
    private @Nullable Buffer body = Buffer.buffer();

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
        guarded(() -> {
            if (body == null) {
                events.read(bytes);
                return;
            }
            boolean begun = isJson(body);
            body.appendBuffer(bytes);
            if (!begun && !isJson(body) && !isBlank(body)) {
                Buffer held = body;
                body = null;
                events.read(held);
            } else if (body.length() > LONGEST_BODY) {
                throw malformed(null);
            }
        });
    }

    private static boolean isJson(Buffer bytes) {
        int first = first(bytes);
        return first < bytes.length() && (bytes.getByte(first) == '{' || bytes.getByte(first) == '[');
    }

    private static boolean isBlank(Buffer bytes) {
        return first(bytes) == bytes.length();
    }

    /** Where the first byte is that is neither white space nor of a byte order mark. */
    private static int first(Buffer bytes) {
        int first = 0;
        while (first < bytes.length() && " \t\r\n\u00ef\u00bb\u00bf".indexOf(bytes.getByte(first) & 0xff) >= 0) {
            first++;
        }
        return first;
    }

    /** The upstream has said all: right only once it said why it stopped. A JSON value says all there is. */
    void end() {
        Buffer json = body;
        if (json == null || isBlank(json)) {
            guarded(events::end);
            finish(null);
        } else {
            guarded(() -> {
                whole(json.getString(first(json), json.length()));
                finish(FinishReason.STOP);
            });
        }
    }

    private void whole(String json) {
        List<JsonObject> objects = tryToParse(json);
        if (objects.isEmpty()) {
            throw malformed(null);
        }
        for (JsonObject object : objects) {
            if (!object.containsKey("choices")) {
                throw UpstreamError.inStream(UpstreamError.errorIn(object));
            }
            chunk(object);
        }
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
        } catch (RuntimeException e) {
            // Of whatever kind: what escaped here would leave the answer without an end.
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
        List<JsonObject> objects = tryToParse(data);
        if (!objects.isEmpty()) {
            objects.forEach(this::chunk);
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

    /** The object, or those of an array, as Google's server sends its errors; none where it is something else. */
    private static List<JsonObject> tryToParse(String data) {
        try {
            Object value = Json.decodeValue(data);
            Stream<?> values = value instanceof JsonArray array ? array.stream() : Stream.ofNullable(value);
            return values.filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .toList();
        } catch (DecodeException e) {
            return List.of();
        }
    }

    private void chunk(JsonObject chunk) {
        try {
            Object error = chunk.getValue(ERROR);
            if (error != null && !Boolean.FALSE.equals(error)) {
                throw UpstreamError.inStream(error);
            }
            if (ERROR.equals(chunk.getValue("object"))) {
                throw UpstreamError.inStream(chunk);
            }
            if (chunk.getValue("usage") instanceof JsonObject said) {
                usage = usage(said);
            }
            JsonArray choices = chunk.getJsonArray("choices");
            for (int i = 0; choices != null && i < choices.size(); i++) {
                if (choices.getValue(i) instanceof JsonObject choice && isFirst(choice)) {
                    choice(choice);
                }
            }
        } catch (ClassCastException e) {
            throw malformed(e);
        }
    }

    /** One answer was asked for; where there are others, they are not mixed into it. */
    private static boolean isFirst(JsonObject choice) {
        return !(choice.getValue("index") instanceof Number index) || index.intValue() == 0;
    }

    private void choice(JsonObject choice) {
        JsonObject delta = choice.getJsonObject("delta");
        delta = delta == null ? choice.getJsonObject("message") : delta;
        if (delta != null) {
            thoughts.read(delta);
            content(delta.getValue("content"));
            refusal(delta.getValue("refusal"));
            if (delta.getValue("tool_calls") instanceof JsonObject call) {
                toolCalls.add(new JsonArray().add(call));
            } else if (delta.getJsonArray("tool_calls") != null) {
                toolCalls.add(delta.getJsonArray("tool_calls"));
            }
            if (delta.getValue("function_call") instanceof JsonObject call) {
                // The older form of the same: one call, without an id.
                toolCalls.add(
                        new JsonArray().add(new JsonObject().put("index", 0).put("function", call)));
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
            parts.forEach(part -> {
                if (!(part instanceof JsonArray)) {
                    content(part);
                }
            });
        } else if (content instanceof JsonObject part) {
            part(part);
        } else if (content == null || content instanceof String) {
            text(content);
        } else {
            throw malformed(null);
        }
    }

    private void part(JsonObject part) {
        switch (part.getValue("type") instanceof String type ? type : TEXT) {
            case TEXT -> text(part.getValue(TEXT));
            case ReasoningOrigin.THINKING -> thoughts.part(part.getValue(ReasoningOrigin.THINKING));
            default -> {
                // References and the like, which have no place in the answer.
            }
        }
    }

    private void text(@Nullable Object delta) {
        String whole = delta instanceof String text ? surrogates.join(text) : "";
        if (!whole.isEmpty()) {
            thoughts.end();
            sink.accept(new ModelEvent.Text(whole));
        }
    }

    private void refusal(@Nullable Object delta) {
        String whole = delta instanceof String text ? refusals.join(text) : "";
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
        Object input = usage.getValue("prompt_tokens_details");
        Object output = usage.getValue("completion_tokens_details");
        return new Usage(
                count(usage, "prompt_tokens"),
                count(input, "cached_tokens"),
                count(usage, "completion_tokens"),
                count(output, "reasoning_tokens"));
    }

    private static long count(@Nullable Object usage, String name) {
        return usage instanceof JsonObject counts && counts.getValue(name) instanceof Number count
                ? Math.max(0, count.longValue())
                : 0;
    }

    private static ModelFailure malformed(@Nullable Throwable cause) {
        return ModelFailure.interrupted("the model's upstream sent what is no chat completion", cause);
    }
}

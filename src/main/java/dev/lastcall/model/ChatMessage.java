package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The message of a chat completion, from its deltas: text, refusal, thoughts and tool calls. Not thread-safe. */
final class ChatMessage {
    private static final String TEXT = "text";

    private final Consumer<ModelEvent> sink;
    private final ToolCalls toolCalls = new ToolCalls();
    private final Surrogates surrogates = new Surrogates();
    private final Surrogates refusals = new Surrogates();
    private final LogProbabilities probabilities = new LogProbabilities();
    private final Thoughts thoughts;

    /** @param upstream its name, for the thoughts that are sent back to it */
    ChatMessage(String upstream, Consumer<ModelEvent> sink) {
        this.sink = sink;
        thoughts = new Thoughts(upstream, sink);
    }

    /** @param logprobs of the choice; null: none */
    void read(JsonObject delta, @Nullable Object logprobs) {
        thoughts.read(delta);
        Object content = delta.getValue("content");
        if (content != null) {
            probabilities.read(logprobs);
        }
        content(content);
        refusal(delta.getValue("refusal"));
        if (delta.getValue("tool_calls") instanceof JsonObject call) {
            toolCalls.add(new JsonArray().add(call));
        } else if (delta.getValue("tool_calls") instanceof JsonArray calls) {
            toolCalls.add(calls);
        }
        if (delta.getValue("function_call") instanceof JsonObject call) {
            // The older form of the same: one call, without an id.
            toolCalls.add(new JsonArray().add(new JsonObject().put("index", 0).put("function", call)));
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
            throw ChatBytes.malformed(null);
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
        say(delta instanceof String text ? surrogates.join(text) : "");
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            thoughts.end();
            sink.accept(new ModelEvent.Text(text, probabilities.taken()));
        }
    }

    private void refusal(@Nullable Object delta) {
        refuse(delta instanceof String text ? refusals.join(text) : "");
    }

    private void refuse(String text) {
        if (!text.isEmpty()) {
            thoughts.end();
            sink.accept(new ModelEvent.Refusal(text));
        }
    }

    boolean hasCalls() {
        return !toolCalls.isEmpty();
    }

    /** @param cut whether the answer was cut off: a call whose arguments are no JSON then was cut in its middle */
    void end(boolean cut) {
        say(surrogates.end());
        refuse(refusals.end());
        thoughts.end();
        toolCalls.forEach(cut, sink);
    }
}

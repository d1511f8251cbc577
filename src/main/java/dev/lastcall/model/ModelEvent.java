package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import org.jspecify.annotations.Nullable;

/** A piece of an answer. */
public sealed interface ModelEvent {
    /**
     * The next characters of the text; never empty.
     *
     * @param logprobs the log probabilities of their tokens, as chat completions have them; empty where the model gives none
     */
    record Text(String delta, JsonArray logprobs) implements ModelEvent {
        /** Text without log probabilities. */
        public Text(String delta) {
            this(delta, new JsonArray());
        }
    }

    /** The next characters of what the model thinks before it answers; never empty. */
    record Reasoning(String delta) implements ModelEvent {}

    /**
     * The end of what the model thought, before anything else is said.
     *
     * @param origin opaque: by which the thoughts find the way back to the upstream they came from
     */
    record Reasoned(String origin) implements ModelEvent {}

    /** The next characters of the reason why the model does not answer; never empty. */
    record Refusal(String delta) implements ModelEvent {}

    /**
     * A whole call of a tool.
     *
     * @param callId the model's own id of it, by which its result is told
     * @param arguments JSON, as the model wrote it
     * @param cut whether the answer was cut off in the middle of the arguments
     */
    record ToolCall(String callId, String name, String arguments, boolean cut) implements ModelEvent {
        /** A call with all of its arguments. */
        public ToolCall(String callId, String name, String arguments) {
            this(callId, name, arguments, false);
        }
    }

    /**
     * The last event.
     *
     * @param usage of this answer alone; null where the model does not count
     */
    record Finish(FinishReason reason, @Nullable Usage usage) implements ModelEvent {}
}

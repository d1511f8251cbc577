package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chat completion, from bytes as they come to events of the model, and decides when it is whole. What is malformed throws a {@link
 * ModelFailure}, unless the model has said why it stopped: the answer is whole then, whatever follows. Members that the answer does not need
 * are passed over where they are not of their kind. Not thread-safe.
 */
final class ChatStream implements ChatBytes.Listener {
    private static final String ERROR = "error";
    /** The values of {@code error} that servers write where there is no error. */
    private static final Set<String> NO_ERRORS = Set.of("null", "false", "", "{}", "[]", "0");

    private final Consumer<ModelEvent> sink;
    private final ChatBytes bytes = new ChatBytes(this);
    private final ChatMessage message;
    private @Nullable FinishReason reason;
    private @Nullable Usage usage;
    private boolean done;

    ChatStream(Consumer<ModelEvent> sink) {
        this("", sink);
    }

    /** @param upstream its name, for the thoughts that are sent back to it */
    ChatStream(String upstream, Consumer<ModelEvent> sink) {
        this.sink = sink;
        message = new ChatMessage(upstream, sink);
    }

    void read(Buffer more) {
        guarded(() -> bytes.read(more));
    }

    /** The upstream has said all: right only once it said why it stopped. */
    void end() {
        guarded(() -> finish(bytes.end() ? FinishReason.STOP : null));
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
                throw e instanceof ModelFailure failure ? failure : ChatBytes.malformed(e);
            }
        }
    }

    @Override
    public void done() {
        finish(FinishReason.STOP);
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
        message.end(why == FinishReason.LENGTH || why == FinishReason.CONTENT_FILTER);
        boolean calls = reason == null && message.hasCalls();
        sink.accept(new ModelEvent.Finish(calls ? FinishReason.TOOL_CALLS : why, usage));
    }

    @Override
    public void chunk(JsonObject chunk) {
        if (done) {
            return;
        }
        Object error = chunk.getValue(ERROR);
        if (!NO_ERRORS.contains(String.valueOf(error))) {
            throw UpstreamError.inStream(error);
        }
        if (ERROR.equals(chunk.getValue("object"))) {
            throw UpstreamError.inStream(chunk);
        }
        if (chunk.getValue("usage") instanceof JsonObject said) {
            usage = Usage.of(said);
        }
        JsonArray choices = chunk.getJsonArray("choices");
        for (int i = 0; choices != null && i < choices.size(); i++) {
            if (choices.getValue(i) instanceof JsonObject choice && isFirst(choice)) {
                choice(choice);
            }
        }
    }

    /** Whether a choice is of the one answer that was asked for; where there are others, they are not mixed into it. */
    private static boolean isFirst(JsonObject choice) {
        return !(choice.getValue("index") instanceof Number index) || index.intValue() == 0;
    }

    private void choice(JsonObject choice) {
        JsonObject delta = choice.getJsonObject("delta");
        delta = delta == null ? choice.getJsonObject("message") : delta;
        if (delta != null) {
            message.read(delta, choice.getValue("logprobs"));
        }
        if (choice.getValue("finish_reason") instanceof String finish && !finish.isEmpty()) {
            if (finish.equals(ERROR)) {
                throw UpstreamError.inStream(choice.getValue(ERROR));
            }
            reason = FinishReason.ofChat(finish);
        }
    }
}

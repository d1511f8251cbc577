package dev.lastcall.run.execution;

import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.Usage;
import dev.lastcall.run.event.Ascii;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.ResponseId;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.toolcall.ToolOutput;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes down what a model says as the next rows of a run's log. Not thread-safe. */
public final class ResponseEventWriter {
    /** The member of {@code metadata} that lists the claims after the first. */
    public static final String HANDOFFS = "lastcall.handoffs";
    /** The most hand-offs that are recorded. */
    static final int KEPT_HANDOFFS = 16;

    private static final String LOGPROBS = "logprobs";
    private static final String STATUS = "status";

    private final UUID run;
    private final ResponseFold fold;
    private final List<String> handoffs;
    private final long earlier;
    private int seq;
    private List<Row> rows = new ArrayList<>();

    /**
     * @param fold of all rows so far
     * @param seq of the next row
     * @param handoffs the claims after the first, for the last event
     */
    ResponseEventWriter(UUID run, ResponseFold fold, int seq, List<String> handoffs) {
        this.run = run;
        this.fold = fold;
        this.seq = seq;
        this.handoffs = List.copyOf(handoffs);
        earlier = fold.tokens();
    }

    /** The last rows of a run, and what it is then. */
    record Ending(List<Row> rows, RunStatus status) {}

    ResponseFold fold() {
        return fold;
    }

    /** The first owner says that it has begun. Never said twice: clients start again from it. */
    List<Row> begin() {
        if (fold.status().equals("queued") || seq == 1) {
            lifecycle(EventType.IN_PROGRESS, fold.response().put(STATUS, "in_progress"));
        }
        return taken();
    }

    List<Row> text(String delta) {
        if (!fold.isOpen()) {
            openMessage();
        }
        fold.delta(delta);
        rows.add(new Row(seq++, EventType.OUTPUT_TEXT_DELTA, Ascii.json(delta)));
        return taken();
    }

    private void openMessage() {
        int index = fold.items();
        add(EventType.OUTPUT_ITEM_ADDED, event -> event.put("output_index", index)
                .put("item", message(index, "in_progress", new JsonArray())));
        add(EventType.CONTENT_PART_ADDED, event -> ofPart(event, index).put("part", part("")));
    }

    private JsonObject message(int index, String status, JsonArray content) {
        return new JsonObject()
                .put("id", ResponseId.message(run, index))
                .put("type", "message")
                .put("role", "assistant")
                .put(STATUS, status)
                .put("content", content);
    }

    private static JsonObject part(String text) {
        return new JsonObject()
                .put("type", "output_text")
                .put("text", text)
                .put("annotations", new JsonArray())
                .put(LOGPROBS, new JsonArray());
    }

    private JsonObject ofPart(JsonObject event, int index) {
        return event.put("item_id", ResponseId.message(run, index))
                .put("output_index", index)
                .put("content_index", 0);
    }

    /** A function call is written whole, so that no owner finds half of one. */
    List<Row> call(ModelEvent.ToolCall call) {
        closeMessage("completed");
        int index = fold.items();
        String id = ResponseId.call(run, index);
        JsonObject item = new JsonObject()
                .put("id", id)
                .put("type", "function_call")
                .put("call_id", call.callId())
                .put("name", call.name());
        String status = call.cut() ? "incomplete" : "completed";
        add(EventType.OUTPUT_ITEM_ADDED, event -> event.put("output_index", index)
                .put("item", item.copy().put("arguments", "").put(STATUS, "in_progress")));
        add(
                EventType.FUNCTION_CALL_ARGUMENTS_DELTA,
                event -> event.put("item_id", id).put("output_index", index).put("delta", call.arguments()));
        add(EventType.FUNCTION_CALL_ARGUMENTS_DONE, event -> event.put("item_id", id)
                .put("output_index", index)
                .put("name", call.name())
                .put("arguments", call.arguments()));
        add(EventType.OUTPUT_ITEM_DONE, event -> event.put("output_index", index)
                .put("item", item.copy().put("arguments", call.arguments()).put(STATUS, status)));
        return taken();
    }

    /** A tool's result, whole as well. */
    List<Row> output(OpenCall call, ToolOutput output) {
        int index = fold.items();
        JsonObject item = new JsonObject()
                .put("id", ResponseId.output(run, index))
                .put("type", "function_call_output")
                .put("call_id", call.callId());
        add(EventType.OUTPUT_ITEM_ADDED, event -> event.put("output_index", index)
                .put("item", item.copy().put("output", "").put(STATUS, "in_progress")));
        String status = output.complete() ? "completed" : "incomplete";
        add(EventType.OUTPUT_ITEM_DONE, event -> event.put("output_index", index)
                .put("item", item.copy().put("output", output.text()).put(STATUS, status)));
        return taken();
    }

    /** Closes the open item as it is: the next text begins another one. */
    List<Row> interrupt() {
        closeMessage("incomplete");
        return taken();
    }

    private void closeMessage(String status) {
        if (!fold.isOpen()) {
            return;
        }
        int index = fold.items() - 1;
        JsonArray content =
                fold.response().getJsonArray("output").getJsonObject(index).getJsonArray("content");
        if (fold.isPartOpen()) {
            String text = fold.openText();
            add(
                    EventType.OUTPUT_TEXT_DONE,
                    event -> ofPart(event, index).put("text", text).put(LOGPROBS, new JsonArray()));
            add(EventType.CONTENT_PART_DONE, event -> ofPart(event, index).put("part", part(text)));
        }
        add(EventType.OUTPUT_ITEM_DONE, event -> event.put("output_index", index)
                .put("item", message(index, status, content)));
    }

    /** @param usage of this owner's part; null: the pieces of text are counted */
    Ending finish(FinishReason reason, @Nullable Usage usage, Instant now) {
        boolean whole = reason == FinishReason.STOP || reason == FinishReason.TOOL_CALLS;
        closeMessage(whole ? "completed" : "incomplete");
        JsonObject last = fold.response().put("usage", usage(usage));
        if (whole) {
            last.put(STATUS, "completed").put("completed_at", now.getEpochSecond());
            return end(EventType.COMPLETED, last, RunStatus.COMPLETED);
        }
        String detail = reason == FinishReason.LENGTH ? "max_output_tokens" : "content_filter";
        last.put(STATUS, "incomplete").put("incomplete_details", new JsonObject().put("reason", detail));
        return end(EventType.INCOMPLETE, last, RunStatus.INCOMPLETE);
    }

    /** @param code in OpenAI's words, as {@code server_error} */
    Ending fail(String code, String message) {
        return fail(new JsonObject().put("code", code).put("message", message));
    }

    /** The model failed; where its upstream refused the request, the error has its {@code status} of HTTP. */
    Ending fail(ModelFailure failure) {
        JsonObject error = new JsonObject().put("code", failure.code()).put("message", failure.detail());
        return fail(failure.status() == 0 ? error : error.put("status", failure.status()));
    }

    private Ending fail(JsonObject error) {
        closeMessage("incomplete");
        return end(EventType.FAILED, fold.response().put(STATUS, "failed").put("error", error), RunStatus.FAILED);
    }

    /** There is no event {@code response.cancelled}: OpenAI says it with the status of an incomplete one. */
    Ending cancel() {
        closeMessage("incomplete");
        return end(EventType.INCOMPLETE, fold.response().put(STATUS, "cancelled"), RunStatus.CANCELLED);
    }

    private Ending end(EventType type, JsonObject last, RunStatus status) {
        if (!handoffs.isEmpty()) {
            JsonObject metadata = last.getJsonObject("metadata", new JsonObject());
            last.put("metadata", metadata.copy().put(HANDOFFS, String.join(",", handoffs)));
        }
        lifecycle(type, last);
        return new Ending(taken(), status);
    }

    private JsonObject usage(@Nullable Usage own) {
        Usage sum = own == null
                ? new Usage(0, 0, fold.tokens(), 0)
                : new Usage(own.input(), own.cached(), own.output() + earlier, own.reasoning());
        return new JsonObject()
                .put("input_tokens", sum.input())
                .put(
                        "input_tokens_details",
                        new JsonObject().put("cached_tokens", sum.cached()).put("cache_write_tokens", 0))
                .put("output_tokens", sum.output())
                .put("output_tokens_details", new JsonObject().put("reasoning_tokens", sum.reasoning()))
                .put("total_tokens", sum.input() + sum.output());
    }

    private void lifecycle(EventType type, JsonObject response) {
        add(type, event -> event.put("response", response));
    }

    private void add(EventType type, java.util.function.Consumer<JsonObject> members) {
        JsonObject event = new JsonObject().put("type", type.key()).put("sequence_number", seq);
        members.accept(event);
        fold.apply(type, event);
        rows.add(new Row(seq++, type, Ascii.json(event)));
    }

    private List<Row> taken() {
        List<Row> taken = rows;
        rows = new ArrayList<>();
        return taken;
    }

    /** The first rows of a run. */
    public static List<Row> created(JsonObject response) {
        JsonObject event = new JsonObject()
                .put("type", EventType.CREATED.key())
                .put("sequence_number", 0)
                .put("response", response);
        Row created = new Row(0, EventType.CREATED, Ascii.json(event));
        if (!"queued".equals(response.getString(STATUS))) {
            return List.of(created);
        }
        JsonObject queued = event.copy().put("type", EventType.QUEUED.key()).put("sequence_number", 1);
        return List.of(created, new Row(1, EventType.QUEUED, Ascii.json(queued)));
    }
}

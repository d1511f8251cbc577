package dev.lastcall.run.execution;

import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.Usage;
import dev.lastcall.run.event.Ascii;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.toolcall.ToolOutput;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes down what a model says as the next rows of a run's log. Not thread-safe. */
public final class ResponseEventWriter {
    /** The member of the response that lists the claims after the first; {@code metadata} is the user's. */
    public static final String HANDOFFS = "lastcall_handoffs";
    /** The most hand-offs that are recorded. */
    static final int KEPT_HANDOFFS = 16;

    private static final String STATUS = "status";

    private final ResponseFold fold;
    private final RowWriter rows;
    private final ContentWriter content;
    private final CallWriter calls;
    private final List<String> handoffs;
    private final long earlier;

    /**
     * @param fold of all rows so far
     * @param seq of the next row
     * @param handoffs the claims after the first, for the last event
     */
    ResponseEventWriter(UUID run, ResponseFold fold, int seq, List<String> handoffs) {
        this.fold = fold;
        rows = new RowWriter(fold, seq);
        content = new ContentWriter(run, rows);
        calls = new CallWriter(run, rows);
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
        if (fold.status().equals("queued") || rows.isAtStart()) {
            lifecycle(EventType.IN_PROGRESS, fold.response().put(STATUS, "in_progress"));
        }
        return rows.taken();
    }

    /** A piece of an answer. */
    List<Row> said(ModelEvent event) {
        if (event instanceof ModelEvent.Text text) {
            content.text(text.delta(), text.logprobs());
        } else if (event instanceof ModelEvent.Reasoning reasoning) {
            content.reasoning(reasoning.delta());
        } else if (event instanceof ModelEvent.Reasoned reasoned) {
            content.reasoned(reasoned.origin());
        } else if (event instanceof ModelEvent.Refusal refusal) {
            content.refusal(refusal.delta());
        }
        return rows.taken();
    }

    /** @param hosted whether the service carries it out itself */
    List<Row> call(ModelEvent.ToolCall call, boolean hosted) {
        content.close("completed");
        if (hosted) {
            calls.hostedCall(call);
        } else {
            calls.call(call);
        }
        return rows.taken();
    }

    /** A search in the request's vector stores. */
    List<Row> fileSearch(ModelEvent.ToolCall call) {
        content.close("completed");
        calls.fileSearch(call);
        return rows.taken();
    }

    /** A tool's result. */
    List<Row> output(OpenCall call, ToolOutput output) {
        calls.output(call, output);
        return rows.taken();
    }

    /** Closes the open item as it is: the next text begins another one. */
    List<Row> interrupt() {
        content.close("incomplete");
        return rows.taken();
    }

    private void close(String status) {
        content.close(status);
        calls.closeHosted();
    }

    private boolean isSilent() {
        for (int i = fold.turns().first(); i < fold.items(); i++) {
            if (!"reasoning".equals(fold.item(i).getString("type"))) {
                return false;
            }
        }
        return true;
    }

    /** @param usage of this owner's part; null: the pieces of text are counted */
    Ending finish(FinishReason reason, @Nullable Usage usage, Instant now) {
        boolean whole = reason == FinishReason.STOP || reason == FinishReason.TOOL_CALLS;
        if (whole && isSilent()) {
            content.nothing();
        }
        close(whole ? "completed" : "incomplete");
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
        close("incomplete");
        return end(EventType.FAILED, fold.response().put(STATUS, "failed").put("error", error), RunStatus.FAILED);
    }

    /** There is no event {@code response.cancelled}: OpenAI says it with the status of an incomplete one. */
    Ending cancel() {
        close("incomplete");
        return end(EventType.INCOMPLETE, fold.response().put(STATUS, "cancelled"), RunStatus.CANCELLED);
    }

    private Ending end(EventType type, JsonObject last, RunStatus status) {
        if (!handoffs.isEmpty()) {
            last.put(HANDOFFS, String.join(",", handoffs));
        }
        lifecycle(type, last);
        return new Ending(rows.taken(), status);
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
        rows.add(type, event -> event.put("response", response));
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

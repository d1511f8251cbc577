package dev.lastcall.run.execution;

import dev.lastcall.model.ModelEvent;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.FileSearchCalls;
import dev.lastcall.run.event.HostedCalls;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.ResponseId;
import dev.lastcall.run.toolcall.ToolOutput;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** Writes tool calls and their results. Not thread-safe. */
final class CallWriter {
    private static final String ARGUMENTS = "arguments";
    private static final String INDEX = "output_index";
    private static final String ITEM = "item";
    private static final String ITEM_ID = "item_id";
    private static final String STATUS = "status";
    /** Clients read it as the name of an MCP server. */
    private static final String SERVER = "lastcall";

    private final UUID run;
    private final RowWriter rows;
    private final ResponseFold fold;

    CallWriter(UUID run, RowWriter rows) {
        this.run = run;
        this.rows = rows;
        fold = rows.fold();
    }

    /** A function call is written whole, so that no owner finds half of one. */
    void call(ModelEvent.ToolCall call) {
        int index = fold.items();
        String id = ResponseId.call(run, index);
        JsonObject item = new JsonObject()
                .put("id", id)
                .put("type", "function_call")
                .put("call_id", call.callId())
                .put("name", call.name());
        String status = call.cut() ? "incomplete" : "completed";
        added(index, item.copy().put(ARGUMENTS, "").put(STATUS, "in_progress"));
        rows.add(
                EventType.FUNCTION_CALL_ARGUMENTS_DELTA,
                event -> event.put(ITEM_ID, id).put(INDEX, index).put("delta", call.arguments()));
        rows.add(EventType.FUNCTION_CALL_ARGUMENTS_DONE, event -> event.put(ITEM_ID, id)
                .put(INDEX, index)
                .put("name", call.name())
                .put(ARGUMENTS, call.arguments()));
        done(index, item.copy().put(ARGUMENTS, call.arguments()).put(STATUS, status));
    }

    /** A call that the service carries out itself: whole but for its result. */
    void hostedCall(ModelEvent.ToolCall call) {
        int index = fold.items();
        String id = ResponseId.hostedCall(run, index);
        added(
                index,
                new JsonObject()
                        .put("id", id)
                        .put("type", HostedCalls.TYPE)
                        .put("call_id", call.callId())
                        .put("server_label", SERVER)
                        .put("name", call.name())
                        .put(ARGUMENTS, "")
                        .putNull("approval_request_id")
                        .putNull("output")
                        .putNull("error")
                        .put(STATUS, "in_progress"));
        rows.add(EventType.MCP_CALL_IN_PROGRESS, event -> event.put(ITEM_ID, id).put(INDEX, index));
        rows.add(
                EventType.MCP_CALL_ARGUMENTS_DELTA,
                event -> event.put(ITEM_ID, id).put(INDEX, index).put("delta", call.arguments()));
        rows.add(
                EventType.MCP_CALL_ARGUMENTS_DONE,
                event -> event.put(ITEM_ID, id).put(INDEX, index).put(ARGUMENTS, call.arguments()));
    }

    /** A search in the request's vector stores: whole but for what it finds. */
    void fileSearch(ModelEvent.ToolCall call) {
        int index = fold.items();
        String id = ResponseId.fileSearch(run, index);
        added(
                index,
                new JsonObject()
                        .put("id", id)
                        .put("type", HostedCalls.FILE_SEARCH)
                        .put("call_id", call.callId())
                        .put("name", call.name())
                        .put(ARGUMENTS, call.arguments())
                        .put("queries", FileSearchCalls.queries(call.arguments()))
                        .putNull("results")
                        .put(STATUS, "in_progress"));
        rows.add(EventType.FILE_SEARCH_CALL_IN_PROGRESS, event -> event.put(ITEM_ID, id)
                .put(INDEX, index));
        rows.add(EventType.FILE_SEARCH_CALL_SEARCHING, event -> event.put(ITEM_ID, id)
                .put(INDEX, index));
    }

    private void found(int index, ToolOutput output) {
        JsonObject item = fold.item(index).put(STATUS, output.complete() ? "completed" : "failed");
        if (output.complete()) {
            item.mergeIn(FileSearchCalls.decode(output.text()));
            rows.add(EventType.FILE_SEARCH_CALL_COMPLETED, event -> event.put(ITEM_ID, item.getString("id"))
                    .put(INDEX, index));
        } else {
            item.put("output", output.text());
        }
        done(index, item);
    }

    /** A tool's result. */
    void output(OpenCall call, ToolOutput output) {
        if (call.isFileSearch()) {
            found(index(call.item()), output);
        } else if (call.isHosted()) {
            int index = index(call.item());
            JsonObject item = fold.item(index)
                    .put(
                            output.complete() ? "output" : "error",
                            output.complete() ? output.text() : HostedCalls.error(output.text()))
                    .put(STATUS, output.complete() ? "completed" : "failed");
            EventType type = output.complete() ? EventType.MCP_CALL_COMPLETED : EventType.MCP_CALL_FAILED;
            rows.add(type, event -> event.put(ITEM_ID, call.item()).put(INDEX, index));
            done(index, item);
        } else {
            // A call that an older version began.
            separateOutput(call, output);
        }
    }

    private void separateOutput(OpenCall call, ToolOutput output) {
        int index = fold.items();
        JsonObject item = new JsonObject()
                .put("id", ResponseId.output(run, index))
                .put("type", "function_call_output")
                .put("call_id", call.callId());
        added(index, item.copy().put("output", "").put(STATUS, "in_progress"));
        String status = output.complete() ? "completed" : "incomplete";
        done(index, item.copy().put("output", output.text()).put(STATUS, status));
    }

    /** The run ends: calls whose result nobody awaits any more are left as they are. */
    void closeHosted() {
        for (OpenCall call : fold.turns().open()) {
            if (call.isHosted()) {
                int index = index(call.item());
                done(index, fold.item(index).put(STATUS, "incomplete"));
            }
        }
    }

    private static int index(String item) {
        return Integer.parseInt(item.substring(item.lastIndexOf('_') + 1));
    }

    private void added(int index, JsonObject item) {
        rows.add(EventType.OUTPUT_ITEM_ADDED, event -> event.put(INDEX, index).put(ITEM, item));
    }

    private void done(int index, JsonObject item) {
        rows.add(EventType.OUTPUT_ITEM_DONE, event -> event.put(INDEX, index).put(ITEM, item));
    }
}

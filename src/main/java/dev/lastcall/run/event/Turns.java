package dev.lastcall.run.event;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The turns of a run's output. A turn is one answer of the model, the tool calls in it, and their results; it is over when all of its calls
 * have results.
 *
 * @param number of the turn that the model is at, from 1
 * @param first the index of that turn's first item
 * @param open calls of that turn without a result, in the order in which they were made
 */
public record Turns(JsonArray output, int number, int first, List<OpenCall> open) {

    static Turns of(JsonArray output) {
        List<OpenCall> open = new ArrayList<>();
        int number = 1;
        int first = 0;
        boolean answered = false;
        for (int i = 0; i < output.size(); i++) {
            JsonObject item = output.getJsonObject(i);
            String type = item.getString("type");
            if ("function_call".equals(type)) {
                open.add(OpenCall.of(item));
            } else if ("function_call_output".equals(type)) {
                close(open, item.getString("call_id"));
                answered = true;
            }
            if (answered && open.isEmpty()) {
                answered = false;
                number++;
                first = i + 1;
            }
        }
        return new Turns(output, number, first, List.copyOf(open));
    }

    /** The first of that id: models that count from 0 in every turn give an id twice. */
    private static void close(List<OpenCall> open, String callId) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).callId().equals(callId)) {
                open.remove(i);
                return;
            }
        }
    }

    /** The items of all turns before this one. */
    public JsonArray earlier() {
        JsonArray earlier = new JsonArray();
        for (int i = 0; i < first; i++) {
            earlier.add(output.getJsonObject(i));
        }
        return earlier;
    }
}

package dev.lastcall.run.event;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The turns of a run's output. A turn is one answer of the model, the tool calls in it, and their results; it is over when all of its calls
 * have results.
 *
 * @param number of the turn that the model is at, from 1
 * @param first the index of that turn's first item
 * @param open calls of that turn without a result, in the order in which they were made
 * @param hosted the indices of the hosted calls that are the first of their turn
 */
public record Turns(JsonArray output, int number, int first, List<OpenCall> open, Set<Integer> hosted) {

    /** @param hosted the indices of the hosted calls that are the first of their turn */
    static Turns of(JsonArray output, Set<Integer> hosted) {
        List<OpenCall> open = new ArrayList<>();
        int number = 1;
        int first = 0;
        boolean answered = false;
        for (int i = 0; i < output.size(); i++) {
            JsonObject item = output.getJsonObject(i);
            String type = item.getString("type");
            if ("function_call".equals(type) || HostedCalls.isOpen(item)) {
                open.add(OpenCall.of(item));
            } else if (HostedCalls.is(item)) {
                boolean more =
                        i + 1 < output.size() && HostedCalls.is(output.getJsonObject(i + 1)) && !hosted.contains(i + 1);
                answered = !more;
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
        return new Turns(output, number, first, List.copyOf(open), hosted);
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

    /** The items of all turns before this one, as a model reads them. */
    public JsonArray earlier() {
        return HostedCalls.expand(output, first, hosted);
    }
}

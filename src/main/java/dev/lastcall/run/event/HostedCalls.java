package dev.lastcall.run.event;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Calls of tools that the service carries out itself. On the wire each is one item of type {@code mcp_call}, which no SDK takes for a call
 * that it has to answer; for the model it is a function call and its output, as any other.
 */
public final class HostedCalls {
    /** The type of the items. */
    public static final String TYPE = "mcp_call";

    /** The type of the items of searches in a request's vector stores. */
    public static final String FILE_SEARCH = "file_search_call";

    static final String PREFIX = "mcp_";
    static final String SEARCH_PREFIX = "fs_";

    private HostedCalls() {}

    /** Whether the item is such a call. */
    public static boolean is(JsonObject item) {
        return TYPE.equals(item.getString("type")) || FILE_SEARCH.equals(item.getString("type"));
    }

    /** Whether its result is not in the log yet. */
    static boolean isOpen(JsonObject item) {
        return is(item) && "in_progress".equals(item.getString("status"));
    }

    /** The items as a model reads them: each call followed by its output. */
    public static JsonArray expand(JsonArray items) {
        Set<Integer> alone = Set.of();
        return expand(items, items.size(), alone, true);
    }

    /**
     * The same, where it is known which calls were made together: they come before their outputs.
     *
     * @param end the index after the last item
     * @param first the indices of calls that begin a turn's
     */
    static JsonArray expand(JsonArray items, int end, Set<Integer> first) {
        return expand(items, end, first, false);
    }

    private static JsonArray expand(JsonArray items, int end, Set<Integer> first, boolean oneByOne) {
        JsonArray expanded = new JsonArray();
        List<JsonObject> outputs = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            JsonObject item = items.getJsonObject(i);
            if (!is(item) || oneByOne || first.contains(i)) {
                outputs.forEach(expanded::add);
                outputs.clear();
            }
            if (is(item)) {
                expanded.add(call(item));
                outputs.add(output(item));
            } else {
                expanded.add(item);
            }
        }
        outputs.forEach(expanded::add);
        return expanded;
    }

    private static JsonObject call(JsonObject item) {
        return new JsonObject()
                .put("type", "function_call")
                .put("call_id", callId(item))
                .put("name", item.getString("name", FileSearchCalls.NAME))
                .put("arguments", arguments(item))
                .put("status", "completed");
    }

    /** Returns the arguments of a call; those of a search that another service made are its queries. */
    private static String arguments(JsonObject item) {
        JsonArray queries = item.getJsonArray("queries");
        String own = item.getString("arguments");
        return own == null && queries != null
                ? new JsonObject().put("queries", queries).encode()
                : String.valueOf(own == null ? "{}" : own);
    }

    private static JsonObject output(JsonObject item) {
        Object output = item.getValue("output");
        Object results = item.getValue("results") instanceof JsonArray found ? found.encode() : null;
        Object said = output != null ? output : item.getValue("error", results);
        return new JsonObject()
                .put("type", "function_call_output")
                .put("call_id", callId(item))
                .put("output", said == null ? "The call was not carried out to its end." : text(said))
                .put("status", "completed");
    }

    private static String text(Object said) {
        if (!(said instanceof JsonObject error)) {
            return said.toString();
        }
        StringBuilder text = new StringBuilder();
        error.getJsonArray("content", new JsonArray())
                .forEach(part -> text.append(part instanceof JsonObject object ? object.getString("text", "") : ""));
        return text.isEmpty() ? error.encode() : text.toString();
    }

    /** The error of a call that failed, as clients read it. */
    public static JsonObject error(String text) {
        JsonObject part = new JsonObject().put("type", "text").put("text", text);
        return new JsonObject().put("type", "mcp_tool_execution_error").put("content", new JsonArray().add(part));
    }

    /** The model's own id of it where it is known. */
    static String callId(JsonObject item) {
        String own = item.getString("call_id");
        return own == null ? String.valueOf(item.getString("id")) : own;
    }
}

package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An input that tells the scripted model to call tools: each of its lines is {@code call NAME {"json"}}, and each names a function that was
 * offered. One line is one turn; behind the last one's result the model says that result.
 *
 * @param next what to call in this turn; null: everything was called
 * @param result of the last call; empty where there was none
 */
record ScriptedCalls(ModelEvent.@Nullable ToolCall next, String result) {
    private static final Pattern LINE = Pattern.compile("\\s*call ([a-zA-Z0-9_-]{1,64}) (\\{.*})\\s*");

    /** Reads the calls that the input asks for; null where it says something else. */
    static @Nullable ScriptedCalls of(ModelRequest request) {
        JsonArray input = request.input();
        int asked = question(input);
        List<Matcher> lines = lines(ModelRequest.text(input, asked));
        boolean offered =
                !lines.isEmpty() && lines.stream().allMatch(line -> line.matches() && request.offers(line.group(1)));
        if (!offered) {
            return null;
        }
        int done = count(input, asked, "function_call_output");
        if (done >= lines.size()) {
            return new ScriptedCalls(null, lastResult(input));
        }
        Matcher line = lines.get(done);
        String id = "call_" + count(input, 0, "function_call");
        return new ScriptedCalls(new ModelEvent.ToolCall(id, line.group(1), line.group(2)), "");
    }

    /** The index of the user's last message; -1: none. */
    private static int question(JsonArray input) {
        for (int i = input.size() - 1; i >= 0; i--) {
            if ("user".equals(input.getJsonObject(i).getString("role"))) {
                return i;
            }
        }
        return -1;
    }

    private static List<Matcher> lines(String text) {
        return text.lines().filter(line -> !line.isBlank()).map(LINE::matcher).toList();
    }

    private static int count(JsonArray input, int from, String type) {
        int count = 0;
        for (int i = Math.max(0, from); i < input.size(); i++) {
            count += type.equals(input.getJsonObject(i).getString("type")) ? 1 : 0;
        }
        return count;
    }

    private static String lastResult(JsonArray input) {
        JsonObject last = input.getJsonObject(input.size() - 1);
        return last.getValue("output") instanceof String text ? text : ModelRequest.text(input, input.size() - 1);
    }
}

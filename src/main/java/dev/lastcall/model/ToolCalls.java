package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts the tool calls of a chat completion together: they come in pieces, several at once. Not thread-safe. */
final class ToolCalls {
    private final Map<Integer, Parts> calls = new TreeMap<>();

    void add(JsonArray pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            JsonObject piece = pieces.getJsonObject(i);
            calls.computeIfAbsent(piece.getInteger("index", i), first -> new Parts())
                    .add(piece);
        }
    }

    void forEach(Consumer<ModelEvent> sink) {
        calls.values().forEach(parts -> sink.accept(parts.whole()));
    }

    private static final class Parts {
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
        private String id = "";

        void add(JsonObject piece) {
            if (id.isEmpty() && piece.getString("id") != null) {
                id = piece.getString("id");
            }
            JsonObject function = piece.getJsonObject("function");
            if (function != null) {
                append(name, function.getString("name"));
                append(arguments, function.getString("arguments"));
            }
        }

        private static void append(StringBuilder whole, @Nullable String part) {
            if (part != null) {
                whole.append(part);
            }
        }

        ModelEvent.ToolCall whole() {
            // Some servers give no id; the result must be told by one.
            String callId =
                    id.isEmpty() ? "call_" + UUID.randomUUID().toString().replace("-", "") : id;
            return new ModelEvent.ToolCall(
                    callId, name.toString(), arguments.length() == 0 ? "{}" : arguments.toString());
        }
    }
}

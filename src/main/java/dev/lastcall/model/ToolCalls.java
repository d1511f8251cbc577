package dev.lastcall.model;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tool calls of a chat completion together: they come in pieces, several at once. A piece belongs to the call of its id; without
 * an id to the last one of its index; without either to the last one. Not thread-safe.
 */
final class ToolCalls {
    /** The index of a piece that has none. */
    private static final int NONE = -1;
    /** The most characters of all arguments; they are held until the answer ends. */
    private static final int MOST = 4 << 20;
    /** The cost of a call besides its arguments, in characters. */
    private static final int PIECE = 64;

    private final List<Parts> calls = new ArrayList<>();
    private long held;

    /** @throws ModelFailure where the arguments would fill the memory */
    void add(JsonArray pieces) {
        boolean several = pieces.size() > 1;
        for (int i = 0; i < pieces.size(); i++) {
            if (!(pieces.getValue(i) instanceof JsonObject piece)) {
                continue;
            }
            int index = index(piece.getValue("index"));
            // Several pieces at once that say nothing of their place are one call each.
            Parts parts = partsOf(piece, index == NONE && several ? i : index);
            held += parts.add(piece);
            if (held + (long) PIECE * calls.size() > MOST) {
                throw ModelFailure.serverError(
                        "the model's upstream called tools with more than " + MOST + " characters of arguments", null);
            }
        }
    }

    private static int index(@Nullable Object index) {
        if (index instanceof Number number) {
            return number.intValue();
        }
        try {
            return index == null ? NONE : Integer.parseInt(index.toString().strip());
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    private Parts partsOf(JsonObject piece, int index) {
        String id = text(piece.getValue("id"));
        Parts last = lastAt(index);
        if (id != null && !id.isEmpty()) {
            for (Parts known : calls) {
                if (known.id.equals(id) && (index == NONE || known.index == index)) {
                    return known;
                }
            }
            // An id that comes behind the first piece is that call's; any other is a new call, whatever its index.
            return last != null && last.id.isEmpty() && !last.isWhole() ? last : begin(index);
        }
        boolean another = last != null && index == NONE && name(piece) != null && last.isWhole();
        return last == null || another ? begin(index) : last;
    }

    private @Nullable Parts lastAt(int index) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (index == NONE || calls.get(i).index == index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private Parts begin(int index) {
        Parts parts = new Parts(index);
        calls.add(parts);
        return parts;
    }

    /** Ids are numbers at some servers. */
    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String || value instanceof Number ? value.toString() : null;
    }

    private static @Nullable String name(JsonObject piece) {
        String name =
                piece.getValue("function") instanceof JsonObject function ? text(function.getValue("name")) : null;
        return name == null || name.isEmpty() || name.equals("null") ? null : name;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** @param cut whether the answer was cut off: a call whose arguments are no JSON then was cut in its middle */
    void forEach(boolean cut, Consumer<ModelEvent> sink) {
        calls.stream()
                .sorted(Comparator.comparingInt(parts -> parts.index))
                .forEach(parts -> sink.accept(parts.call(cut && !parts.isWhole())));
    }

    private static final class Parts {
        private final int index;
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
        private String id = "";

        private Parts(int index) {
            this.index = index;
        }

        /** Gives the characters of arguments and name that were added. */
        int add(JsonObject piece) {
            int before = arguments.length() + name.length();
            String given = text(piece.getValue("id"));
            if (id.isEmpty() && given != null) {
                id = given;
            }
            if (piece.getValue("function") instanceof JsonObject function) {
                String more = name(piece);
                // Some servers repeat the whole name in every piece.
                if (more != null && !more.contentEquals(name)) {
                    name.append(more);
                }
                append(function.getValue("arguments"));
            }
            return arguments.length() + name.length() - before;
        }

        private void append(@Nullable Object more) {
            if (more != null) {
                arguments.append(more instanceof String text ? text : Json.encode(more));
            }
        }

        boolean isWhole() {
            // Asked for each piece of some servers: only what can be the end is parsed.
            int last = arguments.length() - 1;
            while (last >= 0 && Character.isWhitespace(arguments.charAt(last))) {
                last--;
            }
            try {
                return last >= 0 && arguments.charAt(last) == '}' && new JsonObject(arguments.toString()).size() >= 0;
            } catch (DecodeException e) {
                return false;
            }
        }

        ModelEvent.ToolCall call(boolean cut) {
            // Some servers give no id; the result must be told by one.
            String callId =
                    id.isEmpty() ? "call_" + UUID.randomUUID().toString().replace("-", "") : id;
            return new ModelEvent.ToolCall(
                    callId, name.toString(), arguments.length() == 0 && !cut ? "{}" : arguments.toString(), cut);
        }
    }
}

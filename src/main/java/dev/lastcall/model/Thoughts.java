package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the reasoning of a chat completion, which servers write in four ways. Not thread-safe. */
final class Thoughts {
    private static final List<String> FIELDS = List.of("reasoning_content", "reasoning");
    private static final String TEXT = "text";
    /** The most characters of all details; they are held until something else is said. */
    private static final int MOST = 4 << 20;

    private final String upstream;
    private final Consumer<ModelEvent> sink;
    private final Surrogates surrogates = new Surrogates();
    private final List<JsonObject> details = new ArrayList<>();
    private long held;
    private @Nullable String field;

    Thoughts(String upstream, Consumer<ModelEvent> sink) {
        this.upstream = upstream;
        this.sink = sink;
    }

    /** @throws ModelFailure where the details would fill the memory */
    void read(JsonObject delta) {
        String said = "";
        for (String each : FIELDS) {
            String text = delta.getValue(each) instanceof String string ? string : "";
            if (said.isEmpty() && !text.isEmpty()) {
                said = text;
                field = field == null ? each : field;
            }
        }
        if (delta.getValue(ReasoningOrigin.DETAILS) instanceof JsonArray parts && !parts.isEmpty()) {
            field = ReasoningOrigin.DETAILS;
            String own = details(parts);
            said = said.isEmpty() ? own : said;
        }
        say(said);
    }

    /** A part of the content of type {@code thinking}: a text, or parts of it. */
    void part(@Nullable Object thinking) {
        field = ReasoningOrigin.THINKING;
        if (thinking instanceof JsonArray parts) {
            parts.forEach(part -> say(part instanceof JsonObject object ? text(object, TEXT) : ""));
        } else {
            say(thinking instanceof String text ? text : "");
        }
    }

    private void say(String text) {
        emit(surrogates.join(text));
    }

    private void emit(String whole) {
        if (!whole.isEmpty()) {
            sink.accept(new ModelEvent.Reasoning(whole));
        }
    }

    /** Puts the details together, which come in pieces as the text does; gives their text. */
    private String details(JsonArray parts) {
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.getValue(i) instanceof JsonObject part)) {
                continue;
            }
            said.append(text(part, part.getValue(TEXT) == null ? "summary" : TEXT));
            bound(part);
            JsonObject last = details.isEmpty() ? null : details.get(details.size() - 1);
            if (last != null && isSame(last, part)) {
                for (String member : List.of(TEXT, "summary", "data")) {
                    if (part.getValue(member) instanceof String more) {
                        last.put(member, text(last, member) + more);
                    }
                }
                for (String member : List.of("signature", "id", "format")) {
                    if (part.getValue(member) != null) {
                        last.put(member, part.getValue(member));
                    }
                }
            } else {
                details.add(part.copy());
            }
        }
        return said.toString();
    }

    private void bound(JsonObject part) {
        held += part.encode().length();
        if (held > MOST) {
            throw ModelFailure.serverError(
                    "the model's upstream gave more than " + MOST + " characters of details of its reasoning", null);
        }
    }

    /** The member where it is a text; null counts as none. */
    private static String text(JsonObject part, String member) {
        return part.getValue(member) instanceof String text ? text : "";
    }

    private static boolean isSame(JsonObject last, JsonObject part) {
        return Objects.equals(last.getValue("type"), part.getValue("type"))
                && Objects.equals(last.getValue("index"), part.getValue("index"));
    }

    /** Something else is said: what was thought has ended. */
    void end() {
        if (field != null) {
            emit(surrogates.end());
            JsonArray all = details.isEmpty() ? null : new JsonArray(List.copyOf(details));
            sink.accept(new ModelEvent.Reasoned(new ReasoningOrigin(upstream, field, all).encode()));
            field = null;
            details.clear();
        }
    }
}

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

    private final String upstream;
    private final Consumer<ModelEvent> sink;
    private final Surrogates surrogates = new Surrogates();
    private final List<JsonObject> details = new ArrayList<>();
    private @Nullable String field;

    Thoughts(String upstream, Consumer<ModelEvent> sink) {
        this.upstream = upstream;
        this.sink = sink;
    }

    /** @throws ClassCastException where it is something else */
    void read(JsonObject delta) {
        String said = "";
        for (String each : FIELDS) {
            String text = delta.getValue(each) instanceof String string ? string : "";
            if (said.isEmpty() && !text.isEmpty()) {
                said = text;
                field = field == null ? each : field;
            }
        }
        JsonArray parts = delta.getJsonArray(ReasoningOrigin.DETAILS);
        if (parts != null && !parts.isEmpty()) {
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
            parts.forEach(part -> say(part instanceof JsonObject object ? object.getString(TEXT, "") : ""));
        } else {
            say(thinking instanceof String text ? text : "");
        }
    }

    private void say(String text) {
        String whole = surrogates.join(text);
        if (!whole.isEmpty()) {
            sink.accept(new ModelEvent.Reasoning(whole));
        }
    }

    /** Puts the details together, which come in pieces as the text does; gives their text. */
    private String details(JsonArray parts) {
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            JsonObject part = parts.getJsonObject(i);
            said.append(part.getString(TEXT, part.getString("summary", "")));
            JsonObject last = details.isEmpty() ? null : details.get(details.size() - 1);
            if (last != null && isSame(last, part)) {
                for (String member : List.of(TEXT, "summary", "data")) {
                    if (part.getString(member) != null) {
                        last.put(member, last.getString(member, "") + part.getString(member));
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

    private static boolean isSame(JsonObject last, JsonObject part) {
        return Objects.equals(last.getValue("type"), part.getValue("type"))
                && Objects.equals(last.getValue("index"), part.getValue("index"));
    }

    /** Something else is said: what was thought has ended. */
    void end() {
        if (field != null) {
            JsonArray all = details.isEmpty() ? null : new JsonArray(List.copyOf(details));
            sink.accept(new ModelEvent.Reasoned(new ReasoningOrigin(upstream, field, all).encode()));
            field = null;
            details.clear();
        }
    }
}

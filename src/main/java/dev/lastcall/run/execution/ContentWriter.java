package dev.lastcall.run.execution;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.ResponseId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what a model says piece by piece: text and refusals as messages, thoughts as reasoning items. Not thread-safe. */
final class ContentWriter {
    private static final String CONTENT = "content";
    private static final String LOGPROBS = "logprobs";
    private static final String MESSAGE = "message";
    private static final String REASONING = "reasoning";
    private static final String REASONING_TEXT = "reasoning_text";
    private static final String REFUSAL = "refusal";
    private static final String TEXT = "output_text";
    private static final String TYPE = "type";

    private final UUID run;
    private final RowWriter rows;
    private final ResponseFold fold;

    ContentWriter(UUID run, RowWriter rows) {
        this.run = run;
        this.rows = rows;
        fold = rows.fold();
    }

    /** @param logprobs of its tokens; empty: none */
    void text(String delta, JsonArray logprobs) {
        open(MESSAGE, TEXT);
        rows.addText(delta, logprobs);
    }

    void refusal(String delta) {
        open(MESSAGE, REFUSAL);
        rows.add(EventType.REFUSAL_DELTA, event -> place(event).put("delta", delta));
    }

    void reasoning(String delta) {
        open(REASONING, REASONING_TEXT);
        rows.add(EventType.REASONING_TEXT_DELTA, event -> place(event).put("delta", delta));
    }

    /** @param origin by which the thoughts find back to their upstream */
    void reasoned(String origin) {
        if (fold.isOpen(REASONING)) {
            close("completed", origin);
        }
    }

    /** An answer that says nothing is a message all the same: clients read the first one's text. */
    void nothing() {
        open(MESSAGE, TEXT);
    }

    /** Closes what is open, as it is. */
    void close(String status) {
        close(status, null);
    }

    private void close(String status, @Nullable String origin) {
        if (fold.isOpen()) {
            closePart();
            int index = fold.items() - 1;
            JsonArray content = fold.item(index).getJsonArray(CONTENT);
            JsonObject item = fold.isOpen(REASONING)
                    ? reasoningItem(index, status, content)
                    : messageItem(index, status, content);
            if (origin != null) {
                item.put("encrypted_content", origin);
            }
            rows.add(EventType.OUTPUT_ITEM_DONE, event -> event.put("output_index", index)
                    .put("item", item));
        }
    }

    private void open(String item, String part) {
        if (!fold.isOpen(item)) {
            close("completed");
            int index = fold.items();
            JsonObject added = item.equals(REASONING)
                    ? reasoningItem(index, "in_progress", new JsonArray())
                    : messageItem(index, "in_progress", new JsonArray());
            rows.add(EventType.OUTPUT_ITEM_ADDED, event -> event.put("output_index", index)
                    .put("item", added));
        }
        if (!fold.isPartOpen(part)) {
            closePart();
            int place = fold.item(fold.items() - 1).getJsonArray(CONTENT).size();
            rows.add(EventType.CONTENT_PART_ADDED, event -> place(event, place).put("part", part(part, "")));
        }
    }

    private void closePart() {
        String text = fold.openText();
        JsonArray logprobs = fold.openLogprobs();
        if (fold.isPartOpen(TEXT)) {
            JsonArray annotations = fold.annotations(text);
            for (int i = 0; i < annotations.size(); i++) {
                int number = i;
                rows.add(EventType.OUTPUT_TEXT_ANNOTATION_ADDED, event -> place(event)
                        .put("annotation_index", number)
                        .put("annotation", annotations.getJsonObject(number)));
            }
            rows.add(
                    EventType.OUTPUT_TEXT_DONE,
                    event -> place(event).put("text", text).put(LOGPROBS, logprobs));
            rows.add(EventType.CONTENT_PART_DONE, event -> place(event)
                    .put(
                            "part",
                            part(TEXT, text).put("annotations", annotations).put(LOGPROBS, logprobs)));
        } else if (fold.isPartOpen(REFUSAL)) {
            rows.add(EventType.REFUSAL_DONE, event -> place(event).put(REFUSAL, text));
            rows.add(EventType.CONTENT_PART_DONE, event -> place(event).put("part", part(REFUSAL, text)));
        } else if (fold.isPartOpen(REASONING_TEXT)) {
            rows.add(EventType.REASONING_TEXT_DONE, event -> place(event).put("text", text));
            rows.add(EventType.CONTENT_PART_DONE, event -> place(event).put("part", part(REASONING_TEXT, text)));
        }
    }

    private JsonObject messageItem(int index, String status, JsonArray content) {
        return new JsonObject()
                .put("id", ResponseId.message(run, index))
                .put(TYPE, MESSAGE)
                .put("role", "assistant")
                .put("status", status)
                .put(CONTENT, content);
    }

    private JsonObject reasoningItem(int index, String status, JsonArray content) {
        return new JsonObject()
                .put("id", ResponseId.reasoning(run, index))
                .put(TYPE, REASONING)
                .put("summary", new JsonArray())
                .put(CONTENT, content)
                .put("status", status);
    }

    private static JsonObject part(String type, String text) {
        JsonObject part = new JsonObject().put(TYPE, type).put(type.equals(REFUSAL) ? REFUSAL : "text", text);
        return type.equals(TEXT) ? part.put("annotations", new JsonArray()).put(LOGPROBS, new JsonArray()) : part;
    }

    private JsonObject place(JsonObject event) {
        return place(event, fold.item(fold.items() - 1).getJsonArray(CONTENT).size() - 1);
    }

    private JsonObject place(JsonObject event, int contentIndex) {
        int index = fold.items() - 1;
        return event.put("item_id", fold.item(index).getString("id"))
                .put("output_index", index)
                .put("content_index", contentIndex);
    }
}

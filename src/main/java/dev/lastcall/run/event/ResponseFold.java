package dev.lastcall.run.event;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * The response object that a run's events add up to, in the order of the log. The same events give the same object, whoever adds them up.
 * Not thread-safe.
 */
public final class ResponseFold {
    private static final String CONTENT = "content";

    private JsonObject response = new JsonObject();
    private JsonArray output = new JsonArray();
    private final StringBuilder openText = new StringBuilder();
    private boolean open;
    private boolean partOpen;
    private long tokens;
    private long turnTokens;

    public void apply(Row row) {
        if (row.type() == EventType.OUTPUT_TEXT_DELTA) {
            delta(String.valueOf(Json.decodeValue(row.data())));
        } else {
            apply(row.type(), new JsonObject(row.data()));
        }
    }

    public void delta(String text) {
        openText.append(text);
        tokens++;
        turnTokens++;
    }

    public void apply(EventType type, JsonObject event) {
        switch (type) {
            case CREATED, QUEUED, IN_PROGRESS, COMPLETED, FAILED, INCOMPLETE -> {
                response = event.getJsonObject("response").copy();
                output = response.getJsonArray("output");
            }
            case OUTPUT_ITEM_ADDED -> {
                output.add(event.getJsonObject("item").copy());
                open = true;
            }
            case CONTENT_PART_ADDED -> {
                last().getJsonArray(CONTENT).add(event.getJsonObject("part").copy());
                partOpen = true;
                openText.setLength(0);
            }
            case CONTENT_PART_DONE -> {
                JsonArray content = last().getJsonArray(CONTENT);
                content.set(content.size() - 1, event.getJsonObject("part").copy());
                partOpen = false;
                openText.setLength(0);
            }
            case OUTPUT_ITEM_DONE -> {
                JsonObject item = event.getJsonObject("item").copy();
                output.set(output.size() - 1, item);
                open = false;
                turnTokens = "function_call_output".equals(item.getString("type")) ? 0 : turnTokens;
            }
            default -> {
                // Said again, whole, by a later event.
            }
        }
    }

    private JsonObject last() {
        return output.getJsonObject(output.size() - 1);
    }

    /** Whether an item has begun and not ended. */
    public boolean isOpen() {
        return open;
    }

    public boolean isPartOpen() {
        return partOpen;
    }

    /** The text of the part that has begun and not ended. */
    public String openText() {
        return openText.toString();
    }

    public int items() {
        return output.size();
    }

    /** Returns the number of text deltas so far. */
    public long tokens() {
        return tokens;
    }

    /** Returns the number of text deltas since the last result of a tool. */
    public long turnTokens() {
        return turnTokens;
    }

    /** Returns the turn that the model and its tools are at. */
    public Turns turns() {
        return Turns.of(output.copy());
    }

    public String status() {
        return response.getString("status", "");
    }

    /** All text so far, of all messages. */
    public String said() {
        return said(0);
    }

    /** The same, from this item on. */
    public String said(int first) {
        StringBuilder said = new StringBuilder();
        for (int i = first; i < output.size(); i++) {
            JsonArray content = output.getJsonObject(i).getJsonArray(CONTENT, new JsonArray());
            content.forEach(part -> said.append(((JsonObject) part).getString("text", "")));
        }
        return said.append(openText).toString();
    }

    /** The response as it stands, a copy. */
    public JsonObject response() {
        JsonObject whole = response.copy().put("output", output.copy());
        if (partOpen) {
            JsonArray content = whole.getJsonArray("output")
                    .getJsonObject(output.size() - 1)
                    .getJsonArray(CONTENT);
            content.getJsonObject(content.size() - 1).put("text", openText.toString());
        }
        return whole;
    }
}

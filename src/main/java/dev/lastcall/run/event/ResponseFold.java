package dev.lastcall.run.event;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/**
 * The response object that a run's events add up to, in the order of the log. The same events give the same object, whoever adds them up.
 * Not thread-safe.
 */
public final class ResponseFold {
    private static final String CONTENT = "content";
    private static final String REASONING = "reasoning";
    private static final String REFUSAL = "refusal";
    private static final String TEXT = "text";
    private static final String TYPE = "type";

    private JsonObject response = new JsonObject();
    private JsonArray output = new JsonArray();
    private final StringBuilder openText = new StringBuilder();
    private JsonArray openLogprobs = new JsonArray();
    private final Set<Integer> firstHosted = new TreeSet<>();
    private String openItem = "";
    private String openPart = "";
    private long tokens;
    private long turnTokens;
    private long pieces;

    public void apply(Row row) {
        if (row.type() == EventType.OUTPUT_TEXT_DELTA) {
            delta(TextDelta.of(row.data()));
        } else {
            apply(row.type(), new JsonObject(row.data()));
        }
    }

    public void delta(TextDelta delta) {
        openText.append(delta.text());
        openLogprobs.addAll(delta.logprobs());
        pieces++;
        tokens++;
        turnTokens++;
    }

    public void apply(EventType type, JsonObject event) {
        switch (type) {
            case CREATED, QUEUED, IN_PROGRESS, COMPLETED, FAILED, INCOMPLETE -> {
                response = event.getJsonObject("response").copy();
                output = response.getJsonArray("output");
            }
            case OUTPUT_ITEM_ADDED -> added(event.getJsonObject("item").copy());
            case CONTENT_PART_ADDED -> {
                JsonObject part = event.getJsonObject("part").copy();
                last().getJsonArray(CONTENT).add(part);
                openPart = part.getString(TYPE);
                openText.setLength(0);
                openLogprobs = new JsonArray();
            }
            case CONTENT_PART_DONE -> {
                JsonArray content = last().getJsonArray(CONTENT);
                content.set(content.size() - 1, event.getJsonObject("part").copy());
                openPart = "";
                openText.setLength(0);
                openLogprobs = new JsonArray();
            }
            case REASONING_TEXT_DELTA, REFUSAL_DELTA -> {
                openText.append(event.getString("delta"));
                pieces++;
            }
            case MCP_CALL_ARGUMENTS_DONE ->
                output.getJsonObject(event.getInteger("output_index")).put("arguments", event.getString("arguments"));
            case OUTPUT_ITEM_DONE ->
                done(
                        event.getInteger("output_index"),
                        event.getJsonObject("item").copy());
            default -> {
                // Said again, whole, by a later event.
            }
        }
    }

    private void added(JsonObject item) {
        if (HostedCalls.is(item)) {
            // Calls that were made together are added before the first of them is done.
            if (output.isEmpty() || !HostedCalls.isOpen(last())) {
                firstHosted.add(output.size());
            }
        } else {
            openItem = item.getString(TYPE);
        }
        output.add(item);
    }

    private void done(int index, JsonObject item) {
        output.set(index, item);
        if (HostedCalls.is(item)) {
            turnTokens = 0;
            return;
        }
        openItem = "";
        turnTokens = "function_call_output".equals(item.getString(TYPE)) ? 0 : turnTokens;
    }

    private JsonObject last() {
        return output.getJsonObject(output.size() - 1);
    }

    /** Whether an item has begun and not ended; hosted calls, which wait for their tool, do not count. */
    public boolean isOpen() {
        return !openItem.isEmpty();
    }

    /** Whether an item of this type has begun and not ended. */
    public boolean isOpen(String type) {
        return openItem.equals(type);
    }

    public boolean isPartOpen() {
        return !openPart.isEmpty();
    }

    /** Whether a part of this type has begun and not ended. */
    public boolean isPartOpen(String type) {
        return openPart.equals(type);
    }

    /** The text of the part that has begun and not ended. */
    public String openText() {
        return openText.toString();
    }

    /** The log probabilities of the part that has begun and not ended. */
    public JsonArray openLogprobs() {
        return openLogprobs.copy();
    }

    public int items() {
        return output.size();
    }

    /** The item at an index, a copy. */
    public JsonObject item(int index) {
        return output.getJsonObject(index).copy();
    }

    /** Returns the number of text deltas so far. */
    public long tokens() {
        return tokens;
    }

    /** Returns the number of text deltas since the last result of a tool. */
    public long turnTokens() {
        return turnTokens;
    }

    /** Returns the number of deltas so far, those of reasoning and refusals included. */
    public long pieces() {
        return pieces;
    }

    /** The annotations of a text that ends now: where it cites files that were found. */
    public JsonArray annotations(String text) {
        return FileSearchCalls.annotations(text, FileSearchCalls.files(output));
    }

    /** Returns the turn that the model and its tools are at. */
    public Turns turns() {
        return Turns.of(output.copy(), Set.copyOf(firstHosted));
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
        return written(first, "message", "output_text", TEXT);
    }

    /** Returns the reasoning text from this item on. */
    public String reasoned(int first) {
        return written(first, REASONING, "reasoning_text", TEXT);
    }

    /** Returns the text of refusals from this item on. */
    public String refused(int first) {
        return written(first, "message", REFUSAL, REFUSAL);
    }

    private String written(int first, String item, String part, String member) {
        StringBuilder said = new StringBuilder();
        for (int i = first; i < output.size(); i++) {
            JsonObject each = output.getJsonObject(i);
            if (item.equals(each.getString(TYPE))) {
                each.getJsonArray(CONTENT, new JsonArray())
                        .forEach(piece -> said.append(((JsonObject) piece).getString(member, "")));
            }
        }
        return openPart.equals(part) ? said.append(openText).toString() : said.toString();
    }

    /** The response as it stands, a copy. */
    public JsonObject response() {
        JsonObject whole = response.copy().put("output", output.copy());
        if (isPartOpen()) {
            JsonArray content = whole.getJsonArray("output")
                    .getJsonObject(output.size() - 1)
                    .getJsonArray(CONTENT);
            String member = openPart.equals(REFUSAL) ? REFUSAL : TEXT;
            JsonObject part = content.getJsonObject(content.size() - 1).put(member, openText.toString());
            if (!openLogprobs.isEmpty()) {
                part.put("logprobs", openLogprobs());
            }
        }
        return whole;
    }
}

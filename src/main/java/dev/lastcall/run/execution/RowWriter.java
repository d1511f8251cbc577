package dev.lastcall.run.execution;

import dev.lastcall.run.event.Ascii;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.TextDelta;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The next rows of a log: numbers them, and applies each to the fold. Not thread-safe. */
final class RowWriter {
    private final ResponseFold fold;
    private int seq;
    private List<Row> rows = new ArrayList<>();

    /** @param seq of the next row */
    RowWriter(ResponseFold fold, int seq) {
        this.fold = fold;
        this.seq = seq;
    }

    ResponseFold fold() {
        return fold;
    }

    /** Whether exactly the first row was written, by whoever. */
    boolean isAtStart() {
        return seq == 1;
    }

    void add(EventType type, Consumer<JsonObject> members) {
        JsonObject event = new JsonObject().put("type", type.key()).put("sequence_number", seq);
        members.accept(event);
        fold.apply(type, event);
        rows.add(new Row(seq++, type, Ascii.json(event)));
    }

    /** Text, of which the log keeps the delta alone, with the log probabilities of its tokens where there are any. */
    void addText(String delta, JsonArray logprobs) {
        TextDelta text = new TextDelta(delta, logprobs);
        fold.delta(text);
        rows.add(new Row(seq++, EventType.OUTPUT_TEXT_DELTA, text.data()));
    }

    /** The rows since the last time. */
    List<Row> taken() {
        List<Row> taken = rows;
        rows = new ArrayList<>();
        return taken;
    }
}

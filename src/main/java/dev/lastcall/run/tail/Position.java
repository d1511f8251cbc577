package dev.lastcall.run.tail;

import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.Checkpoint;
import io.vertx.core.json.JsonObject;

/** A reader's state within a log: all that it must remember of earlier rows. Not thread-safe. */
final class Position {
    private String item = "";
    private int outputIndex;
    private int contentIndex;
    private int tokens;

    /** The first row of the log. */
    Position() {}

    /** Makes the state after a row whose predecessors are not read. */
    Position(Checkpoint checkpoint) {
        if (checkpoint.item() != null) {
            begin(checkpoint.item());
        }
        if (checkpoint.part() != null) {
            contentIndex = new JsonObject(checkpoint.part()).getInteger("content_index");
        }
        tokens = checkpoint.tokens();
    }

    private void begin(String addedItem) {
        JsonObject added = new JsonObject(addedItem);
        item = added.getJsonObject("item").getString("id");
        outputIndex = added.getInteger("output_index");
    }

    /** @param row the next one of the log */
    LoggedEvent place(Row row) {
        switch (row.type()) {
            case OUTPUT_TEXT_DELTA -> {
                LoggedEvent event = new LoggedEvent(row, item, outputIndex, contentIndex, tokens);
                tokens++;
                return event;
            }
            case OUTPUT_ITEM_ADDED -> begin(row.data());
            case CONTENT_PART_ADDED -> contentIndex = new JsonObject(row.data()).getInteger("content_index");
            default -> {
                // Nothing that a delta refers to.
            }
        }
        return new LoggedEvent(row, "", outputIndex, contentIndex, tokens);
    }
}

package dev.lastcall.run.redis;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of rows as one message: a line for each, {@code seq code data}, the data being ASCII JSON without line breaks. A malformed
 * message decodes to no rows; the log is what counts.
 */
final class CommitFrame {
    /** Longer rows are announced without their data. */
    static final int LONGEST = 64 << 10;

    private CommitFrame() {}

    /** Empty, which means "look", where the rows are too many. */
    static String of(List<Row> rows) {
        StringBuilder frame = new StringBuilder();
        for (Row row : rows) {
            frame.append(row.seq()).append(' ').append(row.type().code()).append(' ');
            frame.append(row.data()).append('\n');
            if (frame.length() > LONGEST) {
                return "";
            }
        }
        return frame.toString();
    }

    /** Empty where there are none, or it is not understood: a newer version wrote it, say. */
    static List<Row> rows(String frame) {
        List<Row> rows = new ArrayList<>();
        try {
            for (String line : frame.split("\n", -1)) {
                if (!line.isEmpty()) {
                    int type = line.indexOf(' ') + 1;
                    int data = line.indexOf(' ', type) + 1;
                    int seq = Integer.parseInt(line.substring(0, type - 1));
                    EventType code = EventType.of(Integer.parseInt(line.substring(type, data - 1)));
                    rows.add(new Row(seq, code, line.substring(data)));
                }
            }
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            return List.of();
        }
        return rows;
    }
}

package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one append adds to one run, all or none.
 *
 * @param epoch the claim under which it is written; any later claim fences it
 * @param expected the seq of the first row, and the run's next one before it
 * @param rows without a gap from {@code expected}; may be empty where only the status changes
 * @param next the status from now on, and the run has no owner any more; null: as before
 */
public record Batch(
        UUID run,
        int epoch,
        int expected,
        List<Row> rows,
        @Nullable RunStatus next) {
    public Batch {
        rows = List.copyOf(rows);
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).seq() != expected + i) {
                throw new IllegalArgumentException(
                        "rows[" + i + "].seq: " + rows.get(i).seq() + " (expected: " + (expected + i) + ")");
            }
        }
    }

    /** The run's next seq where this was committed. */
    public int end() {
        return expected + rows.size();
    }
}

package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import java.util.List;
import java.util.UUID;

/** Receives the committed rows of each run in order. Must not block. */
@FunctionalInterface
public interface CommitListener {
    /** Rows were committed just now; none where only the status changed. */
    void committed(UUID run, List<Row> rows);

    /** Called when this pod has taken the run from its owner. */
    default void taken(UUID run) {}

    /** Returns a listener that calls this one and then the other. */
    default CommitListener then(CommitListener other) {
        CommitListener first = this;
        return new CommitListener() {
            @Override
            public void committed(UUID run, List<Row> rows) {
                first.committed(run, rows);
                other.committed(run, rows);
            }

            @Override
            public void taken(UUID run) {
                first.taken(run);
                other.taken(run);
            }
        };
    }
}

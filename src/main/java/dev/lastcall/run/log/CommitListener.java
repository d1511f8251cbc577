package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import java.util.List;
import java.util.UUID;

/** Hears of what has been committed, in order, for each run. Must not block. */
@FunctionalInterface
public interface CommitListener {
    /** Rows were committed just now; none where only the status changed. */
    void committed(UUID run, List<Row> rows);

    /** This pod has just taken the run away from whoever had it. */
    default void taken(UUID run) {}

    /** The same news for another one too, after this one. */
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

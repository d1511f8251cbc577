package dev.lastcall.run;

import java.util.List;
import java.util.UUID;

/** Hears of what has been committed, in order, for each run. Must not block. */
@FunctionalInterface
interface Feed {
    /** Rows were committed just now; none where only the status changed. */
    void committed(UUID run, List<Row> rows);
}

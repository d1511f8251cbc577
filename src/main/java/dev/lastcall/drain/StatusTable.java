package dev.lastcall.drain;

import java.util.List;

/**
 * A table on the console, as of runs or processes. A package adds one by a bean of the type {@link Source}.
 *
 * @param title names the table
 * @param columns the names of the columns
 * @param rows the cells, as many in each row as there are columns; empty where there is nothing to show
 */
@Internal
public record StatusTable(String title, List<String> columns, List<List<String>> rows) {
    public StatusTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        title + ": a row of " + row.size() + " cells (expected: " + columns.size() + ")");
            }
        }
    }

    /** Makes the table. Thread-safe; asked on an event loop for each look at the console, so it must not block. */
    @FunctionalInterface
    public interface Source {
        StatusTable status();
    }
}

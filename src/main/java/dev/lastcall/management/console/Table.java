package dev.lastcall.management.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A table that can be scrolled sideways on a narrow screen, by keyboard too. */
final class Table {
    private final String caption;
    private final List<Column> columns;
    private final List<Html> rows = new ArrayList<>();

    /**
     * @param isNumber aligned by its last digit
     * @param isMinor left out on a narrow screen
     */
    record Column(String name, boolean isNumber, boolean isMinor) {
        static Column of(String written) {
            boolean minor = written.startsWith("-");
            String rest = minor ? written.substring(1) : written;
            boolean number = rest.startsWith("#");
            return new Column(number ? rest.substring(1) : rest, number, minor);
        }

        /** The attribute of its cells, ours. */
        String mark() {
            String classes = (isNumber ? "number" : "") + (isMinor ? " minor" : "");
            return classes.isEmpty() ? "" : " class=\"" + classes.strip() + "\"";
        }
    }

    private Table(String caption, List<Column> columns) {
        this.caption = caption;
        this.columns = columns;
    }

    /** @param columns their names; one that begins with {@code #} holds numbers, one with {@code -} before is left out on a narrow screen */
    static Table of(String caption, String... columns) {
        return new Table(caption, Stream.of(columns).map(Column::of).toList());
    }

    Table row(Object... cells) {
        return markedRow("", cells);
    }

    /** @param mark an attribute of the row, or nothing */
    Table markedRow(String mark, Object... cells) {
        Html row = Html.of("<tr" + (mark.isEmpty() ? "" : " " + mark) + ">");
        for (int i = 0; i < cells.length; i++) {
            if (i == 0) {
                row.add("<th scope=\"row\">{}</th>", cells[i]);
            } else {
                row.add("<td" + columns.get(i).mark() + ">{}</td>", cells[i]);
            }
        }
        rows.add(row.add("</tr>"));
        return this;
    }

    Html html() {
        Html heads = new Html();
        for (Column column : columns) {
            heads.add("<th scope=\"col\"" + column.mark() + ">{}</th>", column.name());
        }
        return Html.of("""
                <div class="scroll" role="group" tabindex="0" aria-label="{}"><table>
                <caption class="unseen">{}</caption>
                <thead><tr>{}</tr></thead>
                <tbody>
                {}</tbody></table></div>
                """, caption, caption, heads, Html.join(rows));
    }
}

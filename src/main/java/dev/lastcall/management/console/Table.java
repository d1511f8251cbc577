package dev.lastcall.management.console;

import java.util.ArrayList;
import java.util.List;

/** A table that can be scrolled sideways on a narrow screen, by keyboard too. */
final class Table {
    private final String caption;
    private final List<Column> columns;
    private final List<Html> rows = new ArrayList<>();

    /** @param isNumber aligned by its last digit */
    record Column(String name, boolean isNumber) {}

    private Table(String caption, List<Column> columns) {
        this.caption = caption;
        this.columns = columns;
    }

    /** @param columns their names; one that begins with {@code #} holds numbers */
    static Table of(String caption, String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            boolean isNumber = column.startsWith("#");
            parsed.add(new Column(isNumber ? column.substring(1) : column, isNumber));
        }
        return new Table(caption, parsed);
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
                row.add(columns.get(i).isNumber() ? "<td class=\"number\">{}</td>" : "<td>{}</td>", cells[i]);
            }
        }
        rows.add(row.add("</tr>"));
        return this;
    }

    Html html() {
        Html heads = new Html();
        for (Column column : columns) {
            heads.add(
                    column.isNumber() ? "<th scope=\"col\" class=\"number\">{}</th>" : "<th scope=\"col\">{}</th>",
                    column.name());
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

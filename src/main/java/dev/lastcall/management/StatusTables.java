package dev.lastcall.management;

import dev.lastcall.drain.StatusTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** The tables that other packages show of themselves, for the console and for {@code GET /drain}. */
@Singleton
final class StatusTables {
    private static final Logger LOG = Logger.getLogger(StatusTables.class);

    private final Iterable<StatusTable.Source> rooms;

    @Inject
    StatusTables(@Any Instance<StatusTable.Source> rooms) {
        this((Iterable<StatusTable.Source>) rooms);
    }

    StatusTables(Iterable<StatusTable.Source> rooms) {
        this.rooms = rooms;
    }

    List<StatusTable> look() {
        List<StatusTable> tables = new ArrayList<>();
        for (StatusTable.Source room : rooms) {
            try {
                tables.add(room.status());
            } catch (RuntimeException e) {
                // One room's mistake must not cost the operator the whole page.
                LOG.warnf(e, "no status from %s", room.getClass().getName());
            }
        }
        return tables;
    }

    /** Returns the tables that have rows; each row has its cells by the names of their columns. */
    JsonArray json() {
        JsonArray tables = new JsonArray();
        for (StatusTable table : look()) {
            if (!table.rows().isEmpty()) {
                tables.add(new JsonObject().put("title", table.title()).put("rows", rows(table)));
            }
        }
        return tables;
    }

    private static JsonArray rows(StatusTable table) {
        JsonArray rows = new JsonArray();
        for (List<String> cells : table.rows()) {
            JsonObject row = new JsonObject();
            for (int i = 0; i < cells.size(); i++) {
                row.put(table.columns().get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }
}

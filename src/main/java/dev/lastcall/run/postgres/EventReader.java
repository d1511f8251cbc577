package dev.lastcall.run.postgres;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One statement that reads the logs of many runs. Rows, next_seq and status of a run are of one snapshot. */
final class EventReader {
    static final String READ = """
            SELECT q.n, r.next_seq, r.status, e.seq, e.type, e.data
            FROM unnest(?::int[], ?::uuid[], ?::int[], ?::int[]) q(n, id, after, most)
            JOIN runs r ON r.id = q.id
            LEFT JOIN LATERAL (
              SELECT seq, type, data FROM run_events WHERE run_id = q.id AND seq > q.after ORDER BY seq LIMIT q.most) e ON true""";

    private EventReader() {}

    /**
     * The rows to read of one run.
     *
     * @param after the last seq that the reader has
     * @param limit of rows
     */
    record Range(UUID run, int after, int limit) {}

    /** Empty for those that are not in the log. */
    static List<Optional<Page>> read(Connection connection, List<Range> ranges) throws SQLException {
        List<Found> found = new ArrayList<>();
        ranges.forEach(range -> found.add(new Found()));
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            bind(connection, select, ranges);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.get(row.getInt(1)).add(row);
                }
            }
        }
        return found.stream().map(Found::page).toList();
    }

    private static void bind(Connection connection, PreparedStatement select, List<Range> ranges) throws SQLException {
        int size = ranges.size();
        int[] number = new int[size];
        UUID[] run = new UUID[size];
        int[] after = new int[size];
        int[] most = new int[size];
        for (int i = 0; i < size; i++) {
            number[i] = i;
            run[i] = ranges.get(i).run();
            after[i] = ranges.get(i).after();
            most[i] = ranges.get(i).limit();
        }
        select.setObject(1, number);
        select.setArray(2, connection.createArrayOf("uuid", run));
        select.setObject(3, after);
        select.setObject(4, most);
    }

    private static final class Found {
        private final List<Row> rows = new ArrayList<>();
        private int nextSeq;
        private @Nullable RunStatus status;

        void add(ResultSet row) throws SQLException {
            nextSeq = row.getInt(2);
            status = RunStatus.of(row.getInt(3));
            String data = row.getString(6);
            if (data != null) {
                rows.add(new Row(row.getInt(4), EventType.of(row.getInt(5)), data));
            }
        }

        Optional<Page> page() {
            if (status == null) {
                return Optional.empty();
            }
            // The join promises no order.
            rows.sort(Comparator.comparingInt(Row::seq));
            return Optional.of(new Page(nextSeq, status, List.copyOf(rows)));
        }
    }
}

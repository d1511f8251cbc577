package dev.lastcall.run.postgres;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Page;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads for all followers of this pod. What is asked while a statement runs is asked together in the next one, so that a thousand
 * followers cost a few statements. Rows, next_seq and status of a run are of one snapshot. Thread-safe.
 */
final class EventReader {
    private static final int MOST_READS = 256;
    private static final String READ = """
            SELECT q.n, r.next_seq, r.status, e.seq, e.type, e.data
            FROM unnest(?::int[], ?::uuid[], ?::int[], ?::int[]) q(n, id, after, most)
            JOIN runs r ON r.id = q.id
            LEFT JOIN LATERAL (
              SELECT seq, type, data FROM run_events WHERE run_id = q.id AND seq > q.after ORDER BY seq LIMIT q.most) e ON true""";

    private final Session session;
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private boolean working;

    EventReader(Session session) {
        this.session = session;
    }

    CompletionStage<Optional<Page>> read(UUID run, int after, int limit) {
        Asked asked = new Asked(run, after, limit);
        synchronized (waiting) {
            waiting.add(asked);
            if (working) {
                return asked.result;
            }
            working = true;
        }
        session.execute(this::work);
        return asked.result;
    }

    private void work() {
        for (List<Asked> group = next(); !group.isEmpty(); group = next()) {
            List<Asked> reads = group;
            try {
                List<Found> found = session.repeatably(connection -> read(connection, reads));
                for (int i = 0; i < reads.size(); i++) {
                    reads.get(i).result.complete(found.get(i).page());
                }
            } catch (SQLException | RuntimeException e) {
                reads.forEach(each -> each.result.completeExceptionally(e));
            }
        }
    }

    private List<Asked> next() {
        synchronized (waiting) {
            List<Asked> group = new ArrayList<>();
            while (!waiting.isEmpty() && group.size() < MOST_READS) {
                group.add(waiting.remove());
            }
            working = !group.isEmpty();
            return group;
        }
    }

    private static List<Found> read(Connection connection, List<Asked> group) throws SQLException {
        List<Found> found = new ArrayList<>();
        group.forEach(asked -> found.add(new Found()));
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            bind(connection, select, group);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.get(row.getInt(1)).add(row);
                }
            }
        }
        return found;
    }

    private static void bind(Connection connection, PreparedStatement select, List<Asked> group) throws SQLException {
        int size = group.size();
        int[] number = new int[size];
        UUID[] run = new UUID[size];
        int[] after = new int[size];
        int[] most = new int[size];
        for (int i = 0; i < size; i++) {
            number[i] = i;
            run[i] = group.get(i).run;
            after[i] = group.get(i).after;
            most[i] = group.get(i).limit;
        }
        select.setObject(1, number);
        select.setArray(2, connection.createArrayOf("uuid", run));
        select.setObject(3, after);
        select.setObject(4, most);
    }

    private static final class Asked {
        private final UUID run;
        private final int after;
        private final int limit;
        private final CompletableFuture<Optional<Page>> result = new CompletableFuture<>();

        Asked(UUID run, int after, int limit) {
            this.run = run;
            this.after = after;
            this.limit = limit;
        }
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

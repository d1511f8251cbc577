package dev.lastcall.run.log;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run in memory, with its rows. Guarded by its log's monitor. */
final class LoggedRun {
    /** A row's objects besides its characters: record, string, array, place in a list. */
    private static final int ROW_BYTES = 88;

    private static final int RUN_BYTES = 1024;

    final NewRun made;
    final List<String> handoffs = new ArrayList<>();
    RunStatus status;
    int epoch = 1;
    int retry;
    boolean answered;
    int clients;

    @Nullable
    Instant endedAt;

    private final List<Row> rows;
    private long bytes;

    LoggedRun(NewRun made, int retry) {
        this.made = made;
        this.retry = retry;
        rows = new ArrayList<>(made.rows());
        status = made.status();
        bytes = RUN_BYTES + made.request().length() + bytes(made.rows());
    }

    static long bytes(List<Row> rows) {
        return rows.stream().mapToLong(row -> ROW_BYTES + row.data().length()).sum();
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return rows.size();
    }

    /** Whether the batch is its owner's and fits behind the last row. */
    boolean isNext(Batch batch) {
        return status == RunStatus.RUNNING && epoch == batch.epoch() && rows.size() == batch.expected();
    }

    void append(Batch batch) {
        rows.addAll(batch.rows());
        bytes += bytes(batch.rows());
        if (batch.next() != null) {
            status = batch.next();
        }
    }

    Page page(int after, int limit) {
        int size = rows.size();
        int from = Math.min(size, after + 1);
        int to = (int) Math.min(size, from + (long) limit);
        return new Page(size, status, List.copyOf(rows.subList(from, to)));
    }

    Optional<Checkpoint> checkpoint(int after) {
        int last = Math.min(after, rows.size() - 1);
        int tokens = 0;
        String item = null;
        String part = null;
        for (int i = 0; i <= last; i++) {
            EventType type = rows.get(i).type();
            if (type == EventType.OUTPUT_TEXT_DELTA) {
                tokens++;
            } else if (type == EventType.OUTPUT_ITEM_ADDED) {
                item = rows.get(i).data();
            } else if (type == EventType.CONTENT_PART_ADDED) {
                part = rows.get(i).data();
            }
        }
        return last < 0 ? Optional.empty() : Optional.of(new Checkpoint(last, tokens, item, part));
    }

    RunMeta meta() {
        return new RunMeta(
                made.id(),
                made.tenant(),
                made.wire(),
                made.request(),
                made.stored(),
                made.createdAt(),
                endedAt,
                List.copyOf(handoffs));
    }
}

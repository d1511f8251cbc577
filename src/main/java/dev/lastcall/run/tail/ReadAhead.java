package dev.lastcall.run.tail;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.Page;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a log that wait for a follower, in order and without a hole, and how far the log is known to go on behind them. Confined to its
 * tail's monitor.
 *
 * <ul>
 *   <li>Rows that continue the queue are taken; rows known already are dropped; rows behind a hole only say that there is more, which is
 *       then read from the log. So a lost, late, doubled or reordered message changes nothing but the delay.
 *   <li>Rows come while the log is being read: they are dropped and remembered as "there is more"; the read may or may not have seen them.
 * </ul>
 */
final class ReadAhead {
    /** The most rows that wait; the log keeps the rest. */
    static final int QUEUED = 256;

    private final Queue<Row> queue = new ArrayDeque<>();
    private int end;
    private int known;
    private boolean stale = true;
    private int knownToRead;
    private boolean reading;

    /** The seq of the row behind the last one taken. */
    int end() {
        return end;
    }

    /** Returns how far the log is known to have come; 0, which no log is at, where it has to be looked at again. */
    int known() {
        return stale ? 0 : known;
    }

    /** The log has come so far. */
    void learn(int nextSeq) {
        known = Math.max(known, nextSeq);
    }

    /** The log may have more than is known. */
    void lookAgain() {
        stale = true;
    }

    /**
     * Rows that were committed.
     *
     * @return how many of them were taken
     */
    int offer(List<Row> rows) {
        int next = rows.get(rows.size() - 1).seq() + 1;
        learn(next);
        boolean fits = !reading && rows.get(0).seq() <= end && queue.size() + rows.size() <= QUEUED;
        return fits && next > end ? enqueue(rows) : 0;
    }

    private int enqueue(List<Row> rows) {
        int before = end;
        for (Row row : rows) {
            if (row.seq() == end) {
                queue.add(row);
                end++;
            }
        }
        return end - before;
    }

    /** Whether the log should be read: nothing waits, it may have more, and nobody reads it. */
    boolean isReadDue() {
        return !reading && queue.isEmpty() && (stale || known > end);
    }

    void beginRead() {
        reading = true;
        stale = false;
        knownToRead = known;
    }

    /** The rows up to this one are not read. */
    void skipTo(int seq) {
        end = seq;
    }

    /** The log did not answer, so that it has to be looked at again. */
    void failRead() {
        reading = false;
        stale = true;
    }

    /**
     * Takes the page that was read.
     *
     * @return how many rows of it were taken
     */
    int endRead(Page page) {
        reading = false;
        int fresh = enqueue(page.rows());
        boolean exaggerated = page.nextSeq() <= end && known == knownToRead;
        known = exaggerated ? end : Math.max(known, page.nextSeq());
        return fresh;
    }

    @Nullable
    Row peek() {
        return queue.peek();
    }

    void remove() {
        queue.remove();
    }

    void clear() {
        queue.clear();
    }
}

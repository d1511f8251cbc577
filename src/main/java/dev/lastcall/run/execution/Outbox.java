package dev.lastcall.run.execution;

import dev.lastcall.model.TraceHeaders;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.LogFull;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one claim of a run writes to the log. Rows wait until the batch before them is decided; only what is committed is fed to
 * followers.
 *
 * <ul>
 *   <li>Commit against fence: the log decides. A batch that was fenced, and all behind it, is never shown.
 *   <li>The end is decided once. Rows that were pending by then go with the end's own batch, before it; what comes later is dropped.
 *   <li>Ended while a batch is on its way: its outcome is awaited, then the end follows.
 *   <li>Abandoned while a batch is on its way: it may be committed, and is not shown here.
 * </ul>
 *
 * Log, feed and owner are called outside the monitor. Thread-safe.
 */
final class Outbox {
    static final int FULL_BYTES = 256 << 10;
    /** The memory of a row besides its text, in bytes. */
    private static final int ROW_BYTES = 64;

    private static final Logger LOG = Logger.getLogger(Outbox.class);

    /** Receives the outcomes of appends. */
    interface AppendListener {
        /** A batch is in the log, and the next one is on its way where there is one. */
        void committed();

        /** Called once, when nothing more will be written. */
        void over(ExecutionOutcome how);

        /** Returns the trace that the log lines of this run tell. */
        default TraceHeaders trace() {
            return TraceHeaders.NONE;
        }
    }

    private final UUID run;
    private final int epoch;
    private final ExecutionContext context;
    private final AppendListener owner;

    private List<Row> pending = new ArrayList<>();
    private int bytes;
    private int nextSeq;
    private @Nullable RunStatus next;
    private boolean appending;
    private boolean over;

    /** @param nextSeq of the first row */
    Outbox(UUID run, int epoch, int nextSeq, ExecutionContext context, AppendListener owner) {
        this.run = run;
        this.epoch = epoch;
        this.nextSeq = nextSeq;
        this.context = context;
        this.owner = owner;
    }

    synchronized boolean hasEnd() {
        return over || next != null;
    }

    /** Whether so much is pending that the model should not be asked for more; rows are still accepted. */
    synchronized boolean isFull() {
        return bytes >= FULL_BYTES;
    }

    /** Whether all rows are committed. */
    synchronized boolean isEmpty() {
        return !appending && pending.isEmpty();
    }

    /** Rows that continue those before; sent by the next {@link #send}. */
    synchronized void add(List<Row> rows) {
        if (!hasEnd()) {
            pending.addAll(rows);
            rows.forEach(row -> bytes += bytes(row));
        }
    }

    /**
     * Decides the end, unless it is decided.
     *
     * @param status terminal, or for whoever claims the run next
     */
    synchronized void end(List<Row> rows, RunStatus status) {
        if (!hasEnd()) {
            add(rows);
            next = status;
        }
    }

    private static int bytes(Row row) {
        return ROW_BYTES + row.data().length();
    }

    /** Sends what is pending, unless a batch is on its way. */
    void send() {
        Batch batch;
        synchronized (this) {
            if (over || appending || (pending.isEmpty() && next == null)) {
                return;
            }
            batch = new Batch(run, epoch, nextSeq, pending, next);
            pending = new ArrayList<>();
            appending = true;
        }
        context.log().append(batch).whenComplete((result, failure) -> decided(batch, result, failure));
    }

    private void decided(Batch batch, @Nullable AppendResult result, @Nullable Throwable failure) {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        if (result instanceof AppendResult.Committed) {
            committed(batch);
        } else if (result instanceof AppendResult.Fenced) {
            finish(ExecutionOutcome.FENCED);
        } else {
            Throwable cause = result instanceof AppendResult.Failed refused ? refused.cause() : failure;
            owner.trace().logged(() -> log(batch, cause));
            finish(ExecutionOutcome.REFUSED);
        }
    }

    /** A limit that was reached is no fault of the code: its message says all. */
    private void log(Batch batch, @Nullable Throwable cause) {
        LOG.errorf(
                cause instanceof LogFull ? null : cause,
                "the log refused rows run=%s seq=%d: %s",
                run,
                batch.expected(),
                cause);
    }

    private void committed(Batch batch) {
        // Before the next append, so that followers hear in the order of the log.
        context.feed().committed(run, batch.rows());
        synchronized (this) {
            nextSeq = batch.end();
            batch.rows().forEach(row -> bytes -= bytes(row));
            appending = false;
        }
        if (batch.next() == null) {
            send();
            owner.committed();
        } else {
            finish(batch.next().isTerminal() ? ExecutionOutcome.ENDED : ExecutionOutcome.HANDED_OFF);
        }
    }

    /** The run is another's, or there is no time left: shows and writes nothing any more. */
    void abandon() {
        finish(ExecutionOutcome.FENCED);
    }

    private void finish(ExecutionOutcome how) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            pending = List.of();
        }
        owner.over(how);
    }
}

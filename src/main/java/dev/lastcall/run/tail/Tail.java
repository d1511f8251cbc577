package dev.lastcall.run.tail;

import dev.lastcall.run.event.Demand;
import dev.lastcall.run.event.Gone;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.Page;
import dev.lastcall.run.log.RunLog;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One follower's subscription to one log: past events, then live ones, each once and in order, then completion after the terminal event.
 * All sources are treated alike: they say how far the log has come, and may bring rows along; which
 * of them fit is decided by {@link ReadAhead}.
 *
 * <ul>
 *   <li>Committed between the subscription and the first read: read or brought, never neither, because the subscription comes first.
 *   <li>The follower asks for nothing: at most {@value ReadAhead#QUEUED} rows wait here, the log keeps the rest. Nobody waits for the follower.
 *   <li>A read fails: the next tick reads again.
 *   <li>The log has a gap, or the run has gone: an error, never a quiet end.
 * </ul>
 *
 * The follower and the log are called outside the monitor, the follower by one thread at a time. Thread-safe.
 */
final class Tail implements Flow.Subscription {
    static final int PAGE = 64;

    private final UUID run;
    private final int after;
    private final RunLog log;
    private final Flow.Subscriber<? super LoggedEvent> follower;
    private final BiConsumer<TailSource, Integer> taken;

    // Guarded by the monitor.
    private final ReadAhead ahead = new ReadAhead();
    private long requested;
    private Position position = new Position();
    private boolean atStart = true;
    private boolean delivering;
    private boolean over;
    private @Nullable Throwable failure;
    private @Nullable Runnable onOver;

    /**
     * @param after the last seq that the follower has
     * @param taken receives the source of each row
     */
    Tail(
            UUID run,
            int after,
            RunLog log,
            Flow.Subscriber<? super LoggedEvent> follower,
            BiConsumer<TailSource, Integer> taken) {
        this.run = run;
        this.after = after;
        this.log = log;
        this.follower = follower;
        this.taken = taken;
    }

    UUID run() {
        return run;
    }

    /** @param ended runs once when nothing more will be delivered */
    void start(Runnable ended) {
        synchronized (this) {
            onOver = ended;
        }
        follower.onSubscribe(this);
        proceed();
    }

    /** Some source says what the log has. */
    void wake(TailSource source, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        int fresh = 0;
        synchronized (this) {
            if (!over) {
                fresh = ahead.offer(rows);
            }
        }
        if (fresh > 0) {
            taken.accept(source, fresh);
        }
        proceed();
    }

    /** Some source says how far the log has come. Also looks again where the last look failed. */
    void wake(int nextSeq) {
        synchronized (this) {
            ahead.learn(nextSeq);
        }
        proceed();
    }

    /** Returns how far the log is known to have come; 0, which no log is at, where it has to be looked at again. */
    synchronized int known() {
        return ahead.known();
    }

    /** The log may have more than any source said. */
    void lookAgain() {
        synchronized (this) {
            ahead.lookAgain();
        }
        proceed();
    }

    /** The run is not in the log. */
    void gone() {
        fail(new Gone("run " + run + " is gone"));
    }

    private void proceed() {
        deliver();
        boolean read;
        synchronized (this) {
            // The rows before the follower's own are read whether it asks or not: they are not for it.
            boolean wanted = requested > 0 || ahead.end() <= after;
            read = !over && wanted && ahead.isReadDue();
            if (read) {
                ahead.beginRead();
            }
        }
        if (read && atStart && after >= PAGE) {
            skip();
        } else if (read) {
            readOn();
        }
    }

    private synchronized int end() {
        return ahead.end();
    }

    private void readOn() {
        log.read(run, end() - 1, PAGE).whenComplete((found, unreachable) -> {
            if (unreachable == null) {
                read(found);
            } else {
                unread();
            }
        });
    }

    /**
     * Begins at the last row that the follower has, where the log can say how it stands there: a long log is not read from its first row. That
     * row is read once more, because it may be the run's end, behind which nothing would ever come.
     */
    private void skip() {
        log.checkpoint(run, after - 1).whenComplete((found, unreachable) -> {
            if (unreachable != null) {
                unread();
                return;
            }
            synchronized (this) {
                atStart = false;
                if (found.isPresent()) {
                    position = new Position(found.get());
                    ahead.skipTo(found.get().seq() + 1);
                }
            }
            readOn();
        });
    }

    /** The next tick looks again. */
    private synchronized void unread() {
        ahead.failRead();
    }

    private void read(Optional<Page> found) {
        int fresh = 0;
        boolean missing;
        synchronized (this) {
            if (over) {
                return;
            }
            missing = found.isEmpty();
            if (found.isPresent()) {
                Page page = found.get();
                fresh = ahead.endRead(page);
                missing = fresh == 0 && page.nextSeq() > ahead.end();
            }
        }
        if (missing) {
            gone();
            return;
        }
        if (fresh > 0) {
            taken.accept(TailSource.LOG, fresh);
        }
        proceed();
    }

    private void deliver() {
        synchronized (this) {
            if (delivering || over) {
                return;
            }
            delivering = true;
        }
        while (true) {
            LoggedEvent event = next();
            if (event == null) {
                finish();
                return;
            }
            if (event.seq() > after) {
                follower.onNext(event);
            }
            if (event.type().isTerminal()) {
                synchronized (this) {
                    over = true;
                }
            }
        }
    }

    /** Returns the next event to deliver or to skip; null, which ends the delivery, where there is none. */
    private synchronized @Nullable LoggedEvent next() {
        Row row = over ? null : ahead.peek();
        if (row == null || (row.seq() > after && requested == 0)) {
            delivering = false;
            return null;
        }
        ahead.remove();
        if (row.seq() > after) {
            requested--;
        }
        return position.place(row);
    }

    private void finish() {
        Runnable ended;
        Throwable cause;
        synchronized (this) {
            if (!over || delivering) {
                return;
            }
            ended = onOver;
            onOver = null;
            cause = failure;
        }
        if (ended != null) {
            ended.run();
            if (cause == null) {
                follower.onComplete();
            } else {
                follower.onError(cause);
            }
        }
    }

    private void fail(Throwable cause) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            failure = cause;
        }
        finish();
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            requested = Demand.plus(requested, n);
        }
        proceed();
    }

    /** Stops the delivery; an event whose delivery has begun still arrives. */
    @Override
    public void cancel() {
        Runnable ended;
        synchronized (this) {
            over = true;
            ahead.clear();
            ended = onOver;
            onOver = null;
        }
        if (ended != null) {
            ended.run();
        }
    }
}

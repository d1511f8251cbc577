package dev.lastcall.run.postgres;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One request's statement on its way through a session's queue. Waits no longer than its patience, whether it was never begun or has to be
 * repeated because PostgreSQL does not take it at the moment; what has been begun is waited for. What has waited for a while is not
 * begun if its client has left.
 */
final class Request<T> {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Session.Work<T> work;
    private final BooleanSupplier wanted;
    private final Runnable onOver;
    private final long until;
    private final long waitedAt;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    // Of the session's thread.
    private Duration pause = Duration.ofMillis(50);

    /** @param onOver called once, when it does not wait any more */
    Request(Session.Work<T> work, BooleanSupplier wanted, Duration patience, Runnable onOver) {
        this.work = work;
        this.wanted = wanted;
        this.onOver = onOver;
        until = System.nanoTime() + patience.toNanos();
        waitedAt = System.nanoTime() + patience.toNanos() / 4;
        // The session may be busy with a statement that gets no answer for longer than that.
        var unused = begun.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).whenCompleteAsync((begin, late) -> {
            if (late != null) {
                fail(new SQLTransientException("PostgreSQL did not take the statement in time", "57014", late));
            }
        });
    }

    CompletionStage<T> result() {
        return result;
    }

    void fail(Exception failure) {
        if (over.compareAndSet(false, true)) {
            onOver.run();
            result.completeExceptionally(failure);
        }
    }

    /** Runs the statement, on the session's thread. Asks to be run again after a pause where PostgreSQL may take it then. */
    void run(Session session) {
        if (begun.isCompletedExceptionally() || over.get()) {
            return;
        }
        if (System.nanoTime() - waitedAt > 0 && !wanted.getAsBoolean()) {
            begun.complete(null);
            fail(new SQLTransientException("the client has left before the statement was begun", "57014"));
            return;
        }
        if (!begun.complete(null) && begun.isCompletedExceptionally()) {
            return;
        }
        try {
            T answer = session.call(work);
            if (over.compareAndSet(false, true)) {
                onOver.run();
                result.complete(answer);
            }
        } catch (SQLException e) {
            boolean repeated = SqlFailure.of(e) != SqlFailure.CULPRIT
                    && !session.isClosed()
                    && System.nanoTime() + pause.toNanos() < until;
            if (repeated) {
                session.executeIn(pause, () -> run(session));
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            } else {
                fail(e);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }
}

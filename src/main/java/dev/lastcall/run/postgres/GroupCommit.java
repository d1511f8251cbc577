package dev.lastcall.run.postgres;

import dev.lastcall.run.log.AppendResult;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends one group of batches until each of them has its answer or is put back. On the thread of the appender's session.
 *
 * <ul>
 *   <li>The answer is lost, or PostgreSQL cannot write: the identical batches are sent again, on a new connection, until there is an answer.
 *       Never a grown one, because of a batch that had been committed only its own size tells that it was.
 *   <li>PostgreSQL is slow (a lock, a time-out): no fault of the batches. They are sent again; whose run's row somebody holds is put back
 *       meanwhile, so that the others need not wait for it. The fence decides when another pod has the run, not a number of attempts.
 *   <li>One batch spoils its group by its data: halves are sent, then their halves; only the culprit fails.
 * </ul>
 */
final class GroupCommit {
    private static final Logger LOG = Logger.getLogger(GroupCommit.class);
    private static final int MOST_UNEXPLAINED = 20;

    private final Session session;
    private final LongSupplier owner;
    private final Appender appender;
    private final Pause pause = new Pause();

    GroupCommit(Session session, LongSupplier owner, Appender appender) {
        this.session = session;
        this.owner = owner;
        this.appender = appender;
    }

    void commit(List<PendingAppend> group) {
        Deque<List<PendingAppend>> parts = new ArrayDeque<>();
        parts.add(group);
        while (!parts.isEmpty()) {
            List<PendingAppend> part = parts.remove();
            try {
                List<PendingAppend> free = withoutLocked(part);
                if (!free.isEmpty()) {
                    settle(free);
                }
                pause.reset();
            } catch (SQLException e) {
                if (appender.isClosed()) {
                    part.forEach(each -> appender.answer(each, new AppendResult.Fenced()));
                } else {
                    failed(part, e, parts);
                }
            } catch (RuntimeException e) {
                part.forEach(each -> appender.answer(each, new AppendResult.Failed(e)));
            }
        }
    }

    private void failed(List<PendingAppend> part, SQLException failure, Deque<List<PendingAppend>> parts) {
        // Whoever was answered or put back before the failure is not asked again.
        List<PendingAppend> left = part.stream()
                .filter(each -> !each.putBack && !each.result.isDone())
                .toList();
        if (left.isEmpty()) {
            return;
        }
        SqlFailure kind = SqlFailure.of(failure);
        if (kind == SqlFailure.CULPRIT && left.size() == 1) {
            LOG.errorf("append refused run=%s state=%s", left.get(0).batch.run(), failure.getSQLState());
            appender.answer(left.get(0), new AppendResult.Failed(failure));
            return;
        }
        boolean less = kind == SqlFailure.CULPRIT || SqlFailure.isCanceled(failure);
        if (less && left.size() > 1) {
            int half = left.size() / 2;
            parts.addFirst(left.subList(half, left.size()));
            parts.addFirst(left.subList(0, half));
        } else {
            parts.addFirst(left);
            if (kind == SqlFailure.WAITING) {
                // From now on it is asked first whose row is held.
                left.forEach(each -> each.locked.grow());
            }
        }
        if (kind != SqlFailure.CULPRIT) {
            recover(failure);
        }
    }

    private void recover(SQLException failure) {
        if (!pause.isFailing()) {
            LOG.warnf(
                    "the log does not take rows, the same are sent again state=%s: %s", failure.getSQLState(), failure);
        }
        appender.rest(pause.grow());
    }

    /** Returns the part without appends whose rows are locked, which are put back; called only after a lock was met. */
    private List<PendingAppend> withoutLocked(List<PendingAppend> part) throws SQLException {
        List<PendingAppend> suspects =
                part.stream().filter(each -> each.locked.isFailing()).toList();
        if (suspects.isEmpty()) {
            return part;
        }
        Set<UUID> free = session.call(connection -> AppendStatement.unlocked(connection, suspects));
        List<PendingAppend> rest = new ArrayList<>();
        for (PendingAppend each : part) {
            if (each.locked.isFailing() && !free.contains(each.batch.run())) {
                appender.putBack(each, each.locked.grow());
            } else {
                rest.add(each);
            }
        }
        return rest;
    }

    private void settle(List<PendingAppend> part) throws SQLException {
        long me = owner.getAsLong();
        Set<UUID> committed = session.call(connection -> AppendStatement.send(connection, part, me));
        List<PendingAppend> missing = new ArrayList<>();
        for (PendingAppend each : part) {
            if (!committed.contains(each.batch.run())) {
                missing.add(each);
            }
        }
        try {
            if (!missing.isEmpty()) {
                judge(missing, me);
            }
        } finally {
            for (PendingAppend each : part) {
                if (committed.contains(each.batch.run())) {
                    appender.answer(each, new AppendResult.Committed());
                }
            }
        }
    }

    private void judge(List<PendingAppend> missing, long me) throws SQLException {
        Map<UUID, @Nullable AppendResult> verdicts =
                session.call(connection -> AppendStatement.verdicts(connection, missing, me));
        for (PendingAppend each : missing) {
            AppendResult verdict = verdicts.get(each.batch.run());
            if (verdict != null) {
                appender.answer(each, verdict);
            } else if (++each.unexplained > MOST_UNEXPLAINED) {
                appender.answer(
                        each,
                        new AppendResult.Failed(new IllegalStateException(
                                "run " + each.batch.run() + ": not appended, for no visible reason")));
            } else {
                appender.putBack(each, each.locked.grow());
            }
        }
    }
}

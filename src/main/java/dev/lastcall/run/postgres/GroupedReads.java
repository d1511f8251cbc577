package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads for everybody on this pod who asks the same kind of question. What is asked while a statement runs is asked together in the next one,
 * so that thousands who ask at the same moment cost a few statements. Thread-safe.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class GroupedReads<Q, A> {
    /** One statement for many questions. */
    @FunctionalInterface
    interface Statement<Q, A> {
        /** The answers, in the order of the questions. */
        List<A> on(Connection connection, List<Q> questions) throws SQLException;
    }

    private final Session session;
    private final Statement<Q, A> statement;
    private final int most;
    private final int mostWaiting;
    private final Queue<Question<Q, A>> waiting = new ArrayDeque<>();
    private boolean working;

    /**
     * @param most questions in one statement
     * @param mostWaiting one more is refused
     */
    GroupedReads(Session session, int most, int mostWaiting, Statement<Q, A> statement) {
        this.session = session;
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.statement = statement;
    }

    CompletionStage<A> ask(Q asked) {
        Question<Q, A> question = new Question<>(asked, new CompletableFuture<>());
        if (session.isClosed()) {
            return CompletableFuture.failedFuture(closed());
        }
        synchronized (waiting) {
            if (waiting.size() >= mostWaiting) {
                return CompletableFuture.failedFuture(
                        new SQLTransientException("too many reads wait for PostgreSQL", "53000"));
            }
            waiting.add(question);
            if (working) {
                return question.answer;
            }
            working = true;
        }
        session.execute(this::work);
        return question.answer;
    }

    private void work() {
        List<Question<Q, A>> group = next();
        if (group.isEmpty()) {
            return;
        }
        try {
            List<Q> asked = group.stream().map(Question::asked).toList();
            List<A> answers = session.repeatably(connection -> statement.on(connection, asked));
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer.complete(answers.get(i));
            }
        } catch (SQLException | RuntimeException e) {
            group.forEach(each -> each.answer.completeExceptionally(e));
        }
        if (session.isClosed()) {
            failAll();
        } else {
            // Not in a loop: other kinds of reads have their turn on the same session.
            session.execute(this::work);
        }
    }

    private void failAll() {
        List<Question<Q, A>> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
            working = false;
        }
        left.forEach(each -> each.answer.completeExceptionally(closed()));
    }

    private static SQLException closed() {
        return new SQLTransientException("this pod reads nothing any more", "57P01");
    }

    private List<Question<Q, A>> next() {
        synchronized (waiting) {
            List<Question<Q, A>> group = new ArrayList<>();
            while (!waiting.isEmpty() && group.size() < most) {
                group.add(waiting.remove());
            }
            working = !group.isEmpty();
            return group;
        }
    }

    private record Question<Q, A>(Q asked, CompletableFuture<A> answer) {}
}

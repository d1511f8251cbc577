package dev.lastcall.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request to the API server, whose head comes within a limit and whose end within another: a server that accepts and says nothing, or
 * stops halfway, ends it. On one event loop.
 */
final class ApiCall {
    /** The first timer of a Vert.x is 0. */
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Duration head;
    private final Duration whole;
    private final AnswerReader reader;
    private @Nullable HttpClientRequest request;
    private long timer = NO_TIMER;
    private boolean over;

    /**
     * @param head for the connection, its handshake and the answer's head
     * @param whole from the answer's head to its end
     */
    ApiCall(Vertx vertx, Duration head, Duration whole, AnswerReader reader) {
        this.vertx = vertx;
        this.head = head;
        this.whole = whole;
        this.reader = reader;
    }

    ApiCall begin(Future<HttpClientRequest> opening, Buffer body) {
        limit(head, "no answer within " + head.toSeconds() + " s");
        opening.onSuccess(opened -> send(opened, body)).onFailure(this::fail);
        return this;
    }

    private void send(HttpClientRequest opened, Buffer body) {
        request = opened;
        if (over) {
            opened.reset();
        } else {
            opened.send(body).onSuccess(this::receive).onFailure(this::fail);
        }
    }

    private void receive(HttpClientResponse answer) {
        if (over) {
            return;
        }
        limit(whole, "no end within " + whole.toSeconds() + " s");
        answer.handler(part -> {
            if (!over) {
                reader.received(part);
            }
        });
        answer.exceptionHandler(this::fail);
        answer.endHandler(end -> {
            if (finish()) {
                reader.ended();
            }
        });
        reader.answered(answer);
    }

    private void limit(Duration after, String cause) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(after.toMillis(), due -> fail(new IllegalStateException(cause)));
    }

    private void fail(Throwable failure) {
        if (finish()) {
            drop();
            reader.failed(ApiAnswer.line(text(failure)));
        }
    }

    /** Returns the message of a failure with that of its root cause, which says why a handshake failed. */
    private static String text(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String why = root.getMessage() == null ? root.toString() : root.getMessage();
        return root == failure || failure.getMessage() == null ? why : failure.getMessage() + ": " + why;
    }

    /** Cancels the call: nothing of its answer is read any more. */
    void cancel() {
        if (finish()) {
            drop();
        }
    }

    private boolean finish() {
        boolean first = !over;
        over = true;
        vertx.cancelTimer(timer);
        return first;
    }

    private void drop() {
        if (request != null) {
            request.reset();
        }
    }
}

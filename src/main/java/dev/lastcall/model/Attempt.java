package dev.lastcall.model;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP request to the upstream and what comes back. On one event loop only; after {@link #abort} the listener hears nothing. */
final class Attempt {
    /** Receives either bytes and then one end, or one refusal; or, at any point, that the connection broke. */
    interface Listener {
        void bytes(Buffer bytes);

        void end();

        void refused(HttpClientResponse response, Buffer body);

        void broken(Throwable cause);
    }

    private static final int SUCCESS = 2;
    /** The most bytes of a refusal that are kept. */
    private static final int LONGEST_REFUSAL = 1 << 16;

    private final Upstream upstream;
    private final Listener listener;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private long heard = System.nanoTime();
    private long watch = -1;
    private boolean held;
    private boolean over;

    Attempt(Upstream upstream, Listener listener) {
        this.upstream = upstream;
        this.listener = listener;
    }

    void start(ChatRequest chat) {
        watch(upstream.silence().toMillis());
        upstream.open(chat.trace())
                .onSuccess(opened -> send(opened, chat.body()))
                .onFailure(this::broken);
    }

    private void send(HttpClientRequest opened, Buffer body) {
        request = opened;
        // Of the connection too, or the client logs each of its resets as an error: also of one that is not wanted any
        // more.
        opened.connection().exceptionHandler(this::broken);
        opened.exceptionHandler(this::broken);
        if (over) {
            opened.reset();
            return;
        }
        opened.send(body).onSuccess(this::answered).onFailure(this::broken);
    }

    private void answered(HttpClientResponse answer) {
        response = answer;
        heard = System.nanoTime();
        if (over) {
            return;
        }
        if (answer.statusCode() / 100 != SUCCESS) {
            refusal(answer);
            return;
        }
        answer.exceptionHandler(this::broken);
        answer.handler(this::bytes);
        answer.endHandler(end -> end());
        if (held) {
            answer.pause();
        }
    }

    /** The beginning of what it says is enough, and its status is known even where the rest never comes. */
    private void refusal(HttpClientResponse answer) {
        Buffer body = Buffer.buffer();
        answer.handler(part -> {
            int room = LONGEST_REFUSAL - body.length();
            body.appendBuffer(part, 0, Math.min(room, part.length()));
            if (part.length() > room && !over) {
                refused(answer, body);
                reset();
            }
        });
        answer.endHandler(end -> refused(answer, body));
        answer.exceptionHandler(broken -> refused(answer, body));
    }

    private void refused(HttpClientResponse answer, Buffer body) {
        if (close()) {
            listener.refused(answer, body);
        }
    }

    private void bytes(Buffer bytes) {
        heard = System.nanoTime();
        if (!over) {
            listener.bytes(bytes);
        }
    }

    private void end() {
        if (close()) {
            listener.end();
        }
    }

    private void broken(Throwable cause) {
        if (close()) {
            reset();
            listener.broken(cause);
        }
    }

    /** Stops reading from the socket, so that the upstream has to wait. */
    void hold() {
        if (held) {
            return;
        }
        held = true;
        if (response != null && !over) {
            response.pause();
        }
    }

    /** Reads again after {@link #hold}. */
    void flow() {
        if (!held) {
            return;
        }
        held = false;
        heard = System.nanoTime();
        if (response != null && !over) {
            response.resume();
        }
    }

    /** Closes the socket, which makes the upstream stop its work. */
    void abort() {
        if (close()) {
            reset();
        }
    }

    private void reset() {
        if (request != null) {
            request.reset();
        }
    }

    private boolean close() {
        if (over) {
            return false;
        }
        over = true;
        vertx().cancelTimer(watch);
        return true;
    }

    private void watch(long millis) {
        watch = vertx().setTimer(Math.max(1, millis), fired -> listen());
    }

    /** Starts the idle timer; it is set once for each silence, not for each chunk. */
    private void listen() {
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heard);
        long limit = upstream.silence().toMillis();
        if (held) {
            watch(limit);
        } else if (silent < limit) {
            watch(limit - silent);
        } else {
            broken(new TimeoutException("nothing came for " + limit + " ms"));
        }
    }

    private Vertx vertx() {
        return upstream.vertx();
    }
}

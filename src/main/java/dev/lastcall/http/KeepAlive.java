package dev.lastcall.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** Comments in a stream of server-sent events that is silent, so that no proxy on the way takes it for dead. Thread-safe. */
public final class KeepAlive implements AutoCloseable {
    private final Vertx vertx;
    private final HttpServerResponse response;
    private final String comment;
    private final long timer;
    private volatile boolean spoken;

    /**
     * @param silence after which a comment is sent; it may be twice as long
     * @param comment with its newlines
     */
    public KeepAlive(Vertx vertx, HttpServerResponse response, Duration silence, String comment) {
        this.vertx = vertx;
        this.response = response;
        this.comment = comment;
        timer = vertx.setPeriodic(Math.max(1, silence.toMillis()), fired -> comment());
    }

    /** Something else was written. */
    public void spoke() {
        spoken = true;
    }

    private void comment() {
        if (!spoken && !response.ended() && !response.closed() && !response.writeQueueFull()) {
            try {
                response.write(comment);
            } catch (IllegalStateException e) {
                // It ended meanwhile, on another thread.
                close();
            }
        }
        spoken = false;
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}

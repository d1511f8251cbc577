package dev.lastcall.agent;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/** Comments in a stream of server-sent events that is silent, so that no proxy on the way takes it for dead. Thread-safe. */
final class KeepAlive implements AutoCloseable {
    private static final String COMMENT = ": ka\n\n";

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long timer;
    private volatile boolean spoken;

    /** @param silence after which a comment is sent; it may be twice as long */
    KeepAlive(Vertx vertx, HttpServerResponse response, Duration silence) {
        this.vertx = vertx;
        this.response = response;
        timer = vertx.setPeriodic(Math.max(1, silence.toMillis()), fired -> comment());
    }

    void spoke() {
        spoken = true;
    }

    private void comment() {
        if (!spoken && !response.ended() && !response.closed() && !response.writeQueueFull()) {
            try {
                response.write(COMMENT);
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

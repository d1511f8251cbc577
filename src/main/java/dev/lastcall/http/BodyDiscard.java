package dev.lastcall.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * Reads and discards the rest of a request that has been answered already, until it ends or nothing came for {@value #SILENCE_MS} ms: a
 * client that is still sending reads the answer only afterwards. On the event loop.
 */
final class BodyDiscard {
    private static final long SILENCE_MS = 1000;

    private final HttpServerRequest request;
    private final Vertx vertx;
    private long lastRead = System.nanoTime();
    private boolean over;

    BodyDiscard(HttpServerRequest request, Vertx vertx) {
        this.request = request;
        this.vertx = vertx;
    }

    void discard(Runnable then) {
        request.exceptionHandler(gone -> end(then));
        request.endHandler(ended -> end(then));
        request.handler(buffer -> lastRead = System.nanoTime());
        request.resume();
        watchSilence(SILENCE_MS, then);
    }

    private void watchSilence(long delayMs, Runnable then) {
        vertx.setTimer(Math.max(1, delayMs), timer -> {
            long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastRead);
            if (silentMs >= SILENCE_MS) {
                end(then);
            } else if (!over) {
                watchSilence(SILENCE_MS - silentMs, then);
            }
        });
    }

    private void end(Runnable then) {
        if (!over) {
            over = true;
            then.run();
        }
    }
}

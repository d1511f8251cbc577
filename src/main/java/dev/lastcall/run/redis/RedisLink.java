package dev.lastcall.run.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens connections to Redis on one event loop, within a time limit. */
final class RedisLink {
    /** The limit for an answer, far above what a healthy Redis needs. */
    static final long LIMIT_MILLIS = 1000;

    private final Redis redis;
    private final Context context;

    RedisLink(Redis redis, Vertx vertx) {
        this.redis = redis;
        context = vertx.getOrCreateContext();
    }

    /** Runs it on the event loop, never inside this call. */
    void execute(Runnable action) {
        context.runOnContext(now -> action.run());
    }

    /** Connects, and reports the result on the event loop. A connection that is made after the limit is closed. */
    void connect(Consumer<RedisConnection> connected, Consumer<Throwable> failed) {
        boolean[] over = {false};
        long timer = vertx().setTimer(
                        LIMIT_MILLIS,
                        fired -> execute(() -> {
                            if (!over[0]) {
                                over[0] = true;
                                failed.accept(
                                        new IllegalStateException("no connection within " + LIMIT_MILLIS + " ms"));
                            }
                        }));
        redis.connect()
                .onComplete(result -> execute(() -> {
                    vertx().cancelTimer(timer);
                    boolean late = over[0];
                    over[0] = true;
                    if (late && result.succeeded()) {
                        cut(result.result());
                    } else if (!late && result.succeeded()) {
                        connected.accept(result.result());
                    } else if (!late) {
                        failed.accept(result.cause());
                    }
                }));
    }

    /** The same future, failed at the limit. */
    static <T> Future<T> limited(Future<T> answer) {
        return answer.timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Closes the socket. The client would rather give the connection back to its pool, with the commands that nobody answered; it does not
     * where the connection has seen a command of subscriptions.
     */
    static void cut(RedisConnection connection) {
        connection.send(Request.cmd(Command.UNSUBSCRIBE)).onComplete(sent -> {});
        connection.close();
    }

    /** Runs it on the event loop after the delay. */
    void after(long millis, Runnable action) {
        vertx().setTimer(Math.max(1, millis), fired -> execute(action));
    }

    private Vertx vertx() {
        return context.owner();
    }
}

package dev.lastcall.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.impl.ContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the application, with one exchange at a time. It tells its exchange when everything that had arrived was read, so that
 * an answer's head leaves together with its first bytes, but never waits for them. On its event loop.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private static final String VERTX_HANDLER = "handler";

    private final HttpClientConnection connection;
    private final UpstreamPool pool;
    private @Nullable Runnable readComplete;
    private boolean reused;
    private boolean gone;
    private long idleSince;

    UpstreamConnection(HttpClientConnection connection, UpstreamPool pool) {
        this.connection = connection;
        this.pool = pool;
        connection.evictionHandler(closed -> gone = true);
        connection.exceptionHandler(failure -> {}); // the exchange under way hears of it too
        connection.channelHandlerContext().pipeline().addBefore(VERTX_HANDLER, "read-complete", this);
    }

    /** Begins an exchange, at whose end the connection goes back to the pool by itself. */
    void begin(ContextInternal context, Runnable whenReadComplete, Handler<AsyncResult<HttpClientStream>> begun) {
        readComplete = whenReadComplete;
        connection.createStream(context, created -> {
            if (created.succeeded()) {
                created.result().closeHandler(this::ended);
            }
            begun.handle(created);
        });
    }

    private void ended(Void closed) {
        readComplete = null;
        reused = true;
        pool.release(this);
    }

    /** The request being sent is to end with these. */
    void trail(MultiMap trailers) {
        connection.channelHandlerContext().pipeline().addBefore(VERTX_HANDLER, null, new TrailerWriter(trailers));
    }

    HttpClientConnection connection() {
        return connection;
    }

    /** Whether an exchange on it has ended before: the application may be closing it while the next one begins. */
    boolean isReused() {
        return reused;
    }

    boolean isGone() {
        return gone;
    }

    long idleSince() {
        return idleSince;
    }

    void idle(long now) {
        idleSince = now;
    }

    void close() {
        connection.close();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Runnable told = readComplete;
        if (told != null) {
            told.run();
        }
        context.fireChannelReadComplete();
    }
}

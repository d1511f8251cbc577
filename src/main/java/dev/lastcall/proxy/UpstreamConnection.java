package dev.lastcall.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.Http1xClientConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.impl.ContextInternal;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the application, with one exchange at a time. It tells its exchange when everything that had arrived was read, so that
 * an answer's head leaves together with its first bytes, but never waits for them. On its event loop.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    /** What an exchange hears besides what its stream tells. */
    interface Listener {
        /** Everything that had arrived was read. */
        void readComplete();

        /** An answer that another one will follow (RFC 9110, 15.2), but for 100 and 101. */
        void informed(HttpResponse head);
    }

    private static final String VERTX_HANDLER = "handler";
    private static final int CONTINUE = 100;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL = 200;

    private final HttpClientConnection connection;
    private final UpstreamPool pool;
    private final ResponseDecoder decoder = new ResponseDecoder(ReadSize.MOST);
    private final Channel channel;
    private @Nullable Listener listener;
    private boolean reused;
    private boolean gone;
    private boolean skipping;
    private long idleSince;

    UpstreamConnection(HttpClientConnection connection, UpstreamPool pool) {
        this.connection = connection;
        this.pool = pool;
        channel = connection.channelHandlerContext().channel();
        connection.evictionHandler(closed -> gone = true);
        connection.exceptionHandler(failure -> {}); // the exchange under way hears of it too
        channel.pipeline()
                .replace("codec", "codec", new CombinedChannelDuplexHandler<>(decoder, new HttpRequestEncoder()));
        channel.pipeline().addBefore(VERTX_HANDLER, "read-complete", this);
        // A write that fails must not close: an early answer may be there to be read (RFC 9112, 9.5).
        channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
    }

    /**
     * Begins an exchange, at whose end the connection goes back to the pool by itself.
     *
     * @param roomy whether the client can take what the application says
     */
    void begin(
            ContextInternal context,
            Listener told,
            BooleanSupplier roomy,
            Handler<AsyncResult<HttpClientStream>> begun) {
        listener = told;
        ReadSize.limit(channel, roomy);
        connection.createStream(context, created -> {
            if (created.succeeded()) {
                created.result().closeHandler(this::ended);
            }
            begun.handle(created);
        });
    }

    /** The request is about to be sent. */
    void expect(boolean toHead) {
        decoder.expect(toHead);
    }

    private void ended(Void closed) {
        listener = null;
        reused = true;
        if (decoder.hasUnasked()) {
            close();
        } else {
            ReadSize.limit(channel, () -> true);
            resume();
            pool.release(this);
        }
    }

    /** Reads no more, until told to: what has been read already still comes. */
    void pause() {
        channel.config().setAutoRead(false);
    }

    void resume() {
        channel.config().setAutoRead(true);
    }

    /** The request being sent is to end with these. */
    void trail(MultiMap trailers) {
        channel.pipeline().addBefore(VERTX_HANDLER, null, new TrailerWriter(trailers));
    }

    /** The connection as bytes, behind an answer that switches protocols. */
    Channel takeOver() {
        listener = null;
        ReadSize.limit(channel, () -> true);
        ((Http1xClientConnection) connection).toNetSocket();
        return channel;
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
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpResponse head && isInterim(head.status().code())) {
            skipping = true;
            Listener told = listener;
            if (told != null) {
                told.informed(head);
            }
        }
        if (!skipping) {
            context.fireChannelRead(message);
            return;
        }
        skipping = !(message instanceof LastHttpContent);
        ReferenceCountUtil.release(message);
    }

    private static boolean isInterim(int status) {
        return status > CONTINUE && status < FIRST_FINAL && status != SWITCHING_PROTOCOLS;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Listener told = listener;
        if (told != null) {
            told.readComplete();
        }
        context.fireChannelReadComplete();
    }

    /** A write that failed: what the application has said before is read next, or its close is. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (failure instanceof IOException) {
            gone = true;
        } else {
            context.fireExceptionCaught(failure);
        }
    }
}

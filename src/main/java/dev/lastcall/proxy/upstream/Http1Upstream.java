package dev.lastcall.proxy.upstream;

import dev.lastcall.proxy.channel.ReadSize;
import dev.lastcall.proxy.settings.ProxyTls;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
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

/** An HTTP/1.1 connection to the application, with one exchange at a time. On its event loop. */
final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamConnection {
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
    private boolean truncated;
    private boolean taken;
    private long idleSince;

    Http1Upstream(HttpClientConnection connection, UpstreamPool pool) {
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

    @Override
    public void begin(
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

    @Override
    public void expect(boolean toHead) {
        decoder.expect(toHead);
    }

    private void ended(Void closed) {
        listener = null;
        reused = true;
        if (decoder.hasUnasked()) {
            close();
        } else {
            ReadSize.limit(channel, () -> true);
            channel.config().setAutoRead(true);
            pool.release(this);
        }
    }

    @Override
    public void pause(HttpClientStream stream) {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume(HttpClientStream stream) {
        channel.config().setAutoRead(true);
    }

    @Override
    public void end(HttpClientStream stream, MultiMap trailers) {
        channel.pipeline().addBefore(VERTX_HANDLER, null, new TrailerWriter(trailers));
        stream.writeBuffer(Unpooled.EMPTY_BUFFER, true, null);
    }

    @Override
    public boolean isFree() {
        return true;
    }

    @Override
    public void abandon() {
        pool.release(this);
    }

    @Override
    public Channel takeOver() {
        listener = null;
        taken = true;
        ReadSize.limit(channel, () -> true);
        ((Http1xClientConnection) connection).toNetSocket();
        return channel;
    }

    @Override
    public boolean hasLeftOut(int streamId) {
        return false;
    }

    @Override
    public boolean takesOthers() {
        return reused;
    }

    @Override
    public boolean isReused() {
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
        if (truncated && message instanceof LastHttpContent) {
            // Only the end of the connection says that it is the end, and that was not the application's (RFC 9112,
            // 9.8).
            ReferenceCountUtil.release(message);
            return;
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
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        truncated |= ProxyTls.isTruncation(event);
        if (event instanceof SslCloseCompletionEvent && !taken) {
            // It says no more: an answer that ends with the connection is whole.
            var unused = context.close();
        }
        context.fireUserEventTriggered(event);
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
        if (failure instanceof IOException && !taken) {
            gone = true;
        } else {
            context.fireExceptionCaught(failure);
        }
    }
}

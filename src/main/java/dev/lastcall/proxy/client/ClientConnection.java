package dev.lastcall.proxy.client;

import dev.lastcall.http.ResetOnClose;
import dev.lastcall.http.limits.DynamicTableLimit;
import dev.lastcall.http.limits.Http2Heads;
import dev.lastcall.http.limits.MalformedStreams;
import dev.lastcall.proxy.channel.JoinedChannels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.BooleanSupplier;

/** One connection of a client, from its acceptance on: whether it idles, whether it takes what is written. On the event loop. */
public final class ClientConnection {
    private static final AttributeKey<ClientConnection> KEY = AttributeKey.valueOf(ClientConnection.class, "client");
    private static final long CANCEL = 8;

    private final Channel channel;
    private final ClientConnections all;
    private final HeadClock clock;
    private int exchanges;
    private boolean tunnel;
    private long pending;
    private long progress;
    private long lastProgress;

    ClientConnection(Channel channel, ClientConnections all, HeadClock clock) {
        this.channel = channel;
        this.all = all;
        this.clock = clock;
        channel.attr(KEY).set(this);
    }

    static ClientConnection of(HttpConnection connection) {
        return ((HttpServerConnection) connection).channel().attr(KEY).get();
    }

    /** Returns the connection of a request to the sidecar. */
    public static ClientConnection of(HttpServerRequest request) {
        return of(request.connection());
    }

    /** Returns what a tunnel takes over. */
    public Channel channel() {
        return channel;
    }

    HeadClock clock() {
        return clock;
    }

    /** Whether the client may still be there. */
    public boolean isOpen() {
        return channel.isActive();
    }

    boolean isIdle() {
        return exchanges == 0 && !tunnel;
    }

    /** It idles no more, and no head is waited for. */
    public void exchangeBegan() {
        clock.exchangeBegan();
        if (exchanges++ == 0) {
            all.busy(this);
        }
    }

    /** It idles where this was the last one. */
    public void exchangeEnded() {
        clock.exchangeEnded();
        if (--exchanges == 0 && !tunnel) {
            all.idle(this);
        }
    }

    /** It is HTTP/1.x no more, for the rest of its life. */
    public void dismiss() {
        tunnel = true;
        clock.dismiss();
    }

    /** HTTP/2 has a count of its own of the heads that do not end, streams that never become a request, and a table of fields. */
    void watchHeads(HttpServerConnection connection) {
        ChannelHandlerContext at = connection.channelHandlerContext();
        Http2ConnectionHandler handler = (Http2ConnectionHandler) at.handler();
        MalformedStreams.watch(handler, at);
        DynamicTableLimit.watch(handler);
        Http2Heads.watch(handler, at, all.limits().heads());
    }

    /** Sends what has been written. */
    public void flush() {
        channel.pipeline().flush();
    }

    /** Whether what comes for this request can be passed on at once. */
    public BooleanSupplier roomFor(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return channel::isWritable;
        }
        ChannelHandlerContext context = ((HttpServerConnection) request.connection()).channelHandlerContext();
        Http2ConnectionHandler handler = (Http2ConnectionHandler) context.handler();
        Http2RemoteFlowController flow = handler.encoder().flowController();
        Http2Stream stream = handler.connection().stream(request.streamId());
        return () -> stream != null && flow.isWritable(stream);
    }

    /** Ends a stream whose client takes nothing, or the connection where the protocol has one exchange at a time. */
    @SuppressWarnings("FutureReturnValueIgnored") // the channel's closeFuture is what everybody listens to
    public void stalled(HttpServerRequest request) {
        ChannelHandlerContext context = ((HttpServerConnection) request.connection()).channelHandlerContext();
        if (context.handler() instanceof Http2ConnectionHandler handler) {
            all.limits().stalled();
            handler.resetStream(context, request.streamId(), CANCEL, context.newPromise());
            context.flush();
        } else {
            abort();
        }
    }

    private void abort() {
        all.limits().stalled();
        ResetOnClose.set(channel);
        JoinedChannels.closeNow(channel);
    }

    /** Ends the connection where its socket has taken nothing of what waits for it since that time. */
    void check(long now, long limit) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        long current = waiting == 0 ? 0 : buffer.currentProgress();
        if (waiting == 0 || waiting != pending || current != progress) {
            pending = waiting;
            progress = current;
            lastProgress = now;
        } else if (now - lastProgress >= limit) {
            abort();
        }
    }
}

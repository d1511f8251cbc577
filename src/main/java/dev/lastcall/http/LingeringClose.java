package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Closes a connection so that the peer can still read what we sent: our half first, then what comes is read and discarded for
 * {@value #LINGER_MS} ms or until the peer closes. A close with unread bytes would be a reset (RFC 9112, 9.6). On the event loop.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MS = 200;

    private final ServedConnection connection;
    private final Channel channel;
    private final Runnable crossed;
    private boolean seen;

    /** @param crossed runs once if anything arrives: a request that crossed our close on the wire */
    LingeringClose(ServedConnection connection, Runnable crossed) {
        this.connection = connection;
        channel = connection.channel;
        this.crossed = crossed;
    }

    void start() {
        if (!channel.isActive()) {
            return;
        }
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(this);
        } else {
            // Behind it: the client's own close_notify is no request.
            channel.pipeline().addAfter(tls.name(), null, this);
        }
        channel.config().setAutoRead(true);
        OutputEnd.send(channel)
                .addListener(halfClosed -> connection.vertx().setTimer(LINGER_MS, over -> connection.closeNow()));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ReferenceCountUtil.release(bytes);
        if (!seen) {
            seen = true;
            crossed.run();
        }
    }
}

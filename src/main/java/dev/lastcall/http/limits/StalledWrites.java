package dev.lastcall.http.limits;

import dev.lastcall.http.ResetOnClose;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose client takes nothing of what waits for it within the send timeout. On the event loop. */
final class StalledWrites extends ChannelOutboundHandlerAdapter {
    private final OpenConnections connections;
    private final long limitMs;
    private boolean watching;
    private @Nullable Object first;
    private long progress;

    StalledWrites(OpenConnections connections) {
        this.connections = connections;
        limitMs = connections.limits().sendTimeout().toMillis();
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (!watching && waiting != null && !waiting.isEmpty()) {
            watching = true;
            watch(context, waiting);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it finds nothing to do where the connection has closed
    private void watch(ChannelHandlerContext context, ChannelOutboundBuffer waiting) {
        first = waiting.current();
        progress = waiting.currentProgress();
        context.executor().schedule(() -> look(context), limitMs, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the channel's closeFuture is what everybody listens to
    private void look(ChannelHandlerContext context) {
        Channel channel = context.channel();
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || waiting.isEmpty()) {
            watching = false;
            first = null;
        } else if (waiting.current() == first && waiting.currentProgress() == progress) {
            connections.stalled();
            ResetOnClose.set(channel);
            context.close();
        } else {
            watch(context, waiting);
        }
    }
}

package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;

/** Makes the next close of a connection a reset, so that what has been sent does not look whole. Stateless. */
public final class ResetOnClose {
    private ResetOnClose() {}

    /** On any thread. A socket that its peer has closed takes no options any more, and needs none. */
    public static void set(Channel channel) {
        if (!channel.isActive()) {
            return;
        }
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closedMeanwhile) {
            // The kernel has sent its own reset, or will.
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls != null && pipeline.get(WithoutGoodbye.class) == null) {
            pipeline.addAfter(tls.name(), null, new WithoutGoodbye());
        }
    }

    /** TLS would say a close_notify before the reset: to its client the answer would have a proper end. */
    private static final class WithoutGoodbye extends ChannelOutboundHandlerAdapter {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
        public void close(ChannelHandlerContext context, ChannelPromise closed) {
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            if (tls == null) {
                context.close(closed);
            } else {
                tls.close(closed);
            }
        }
    }
}

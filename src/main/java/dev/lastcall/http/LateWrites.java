package dev.lastcall.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jboss.logging.Logger;

/**
 * Keeps the failure of a write on a stream that has ended from Vert.x, which would close the whole connection for it. A stream's error is
 * its own (RFC 9113, 5.4.2). On the event loop, before Vert.x' handler.
 */
final class LateWrites extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(LateWrites.class);

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isLateWrite(cause)) {
            LOG.debugf("written to an ended stream: %s connection=%s", cause.getMessage(), context.channel());
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    /** Netty's encoder fails the writes of a stream that it does not know any more, or whose side is closed, with one of these. */
    private static boolean isLateWrite(Throwable cause) {
        return cause instanceof IllegalArgumentException || cause instanceof IllegalStateException;
    }
}

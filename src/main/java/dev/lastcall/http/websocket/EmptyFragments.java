package dev.lastcall.http.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Leaves out empty first fragments of WebSocket messages (RFC 6455, 5.4): the next fragment becomes the first. Vert.x 4.5 drops a message
 * whose first fragment is empty, and its client would wait for ever. On the event loop.
 */
final class EmptyFragments extends ChannelInboundHandlerAdapter {
    private enum Begun {
        NOTHING,
        TEXT,
        BINARY
    }

    private Begun begun = Begun.NOTHING;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isEmptyStart(message)) {
            begun = message instanceof TextWebSocketFrame ? Begun.TEXT : Begun.BINARY;
            ((WebSocketFrame) message).release();
        } else if (begun != Begun.NOTHING && message instanceof ContinuationWebSocketFrame next) {
            goOn(context, next);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isEmptyStart(Object message) {
        return (message instanceof TextWebSocketFrame || message instanceof BinaryWebSocketFrame)
                && message instanceof WebSocketFrame frame
                && !frame.isFinalFragment()
                && frame.rsv() == 0
                && !frame.content().isReadable();
    }

    private void goOn(ChannelHandlerContext context, ContinuationWebSocketFrame next) {
        if (!next.isFinalFragment() && !next.content().isReadable()) {
            next.release();
            return;
        }
        boolean text = begun == Begun.TEXT;
        begun = Begun.NOTHING;
        context.fireChannelRead(
                text
                        ? new TextWebSocketFrame(next.isFinalFragment(), next.rsv(), next.content())
                        : new BinaryWebSocketFrame(next.isFinalFragment(), next.rsv(), next.content()));
    }
}

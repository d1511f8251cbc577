package dev.lastcall.http.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps the frames that a client sends in one write with its upgrade for a turn of the event loop. Netty decodes them while the upgrade is being
 * answered, when nobody listens yet: they were lost, and the client waited for an answer. Then it goes. On the event loop.
 */
final class EarlyFrames extends ChannelInboundHandlerAdapter {
    private final Queue<Object> held = new ArrayDeque<>();
    private boolean waiting;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!waiting && !(message instanceof WebSocketFrame)) {
            context.fireChannelRead(message);
            return;
        }
        held.add(message);
        if (!waiting) {
            waiting = true;
            context.executor().execute(() -> passOn(context));
        }
    }

    private void passOn(ChannelHandlerContext context) {
        while (!held.isEmpty()) {
            context.fireChannelRead(held.remove());
        }
        if (!context.isRemoved()) {
            context.fireChannelReadComplete();
            context.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}

package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a WebSocket that is told to, whichever library serves it: close 1012 (service restart) with a JSON reason on its channel, nothing behind
 * it, and the connection itself where the client has not answered a second later. On the event loop.
 */
final class WebSocketClose extends ChannelOutboundHandlerAdapter {
    /** "Service Restart", registered with IANA for RFC 6455, 7.4. */
    private static final int SERVICE_RESTART = 1012;

    private static final String REASON = "{\"reason\":\"shutdown\",\"retryable\":true}";
    private static final long ANSWER_MS = 1000;

    static void follow(Exchange exchange) {
        exchange.entry().onCancelled(() -> exchange.connection().run(() -> end(exchange)));
    }

    private static void end(Exchange exchange) {
        ServedConnection connection = exchange.connection();
        Channel channel = connection.channel;
        if (channel.isActive() && channel.pipeline().get(WebSocketFrameEncoder.class) != null) {
            ChannelHandlerContext server = connection.connection.channelHandlerContext();
            server.writeAndFlush(new CloseWebSocketFrame(SERVICE_RESTART, REASON));
            channel.pipeline().addBefore(server.name(), null, new WebSocketClose());
            connection.vertx().setTimer(ANSWER_MS, late -> exchange.closeByForce());
        }
    }

    /** Behind a close frame there is nothing (RFC 6455, 5.5.1): what the application still sends, and its own close, are left out. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof WebSocketFrame) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        } else {
            context.write(message, promise);
        }
    }
}

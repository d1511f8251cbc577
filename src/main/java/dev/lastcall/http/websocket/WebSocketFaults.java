package dev.lastcall.http.websocket;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers a frame that breaks the protocol, or is too long, with the close that RFC 6455, 7.4.1 has for it (1002, 1007, 1009); Vert.x closes the
 * connection without a word. Bytes that the client goes on sending are discarded for a second, or a reset would take the close away. On the event
 * loop.
 */
final class WebSocketFaults extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MS = 1000;

    private boolean said;

    static void answer(HttpServerRequest upgrade) {
        HttpServerConnection connection = (HttpServerConnection) upgrade.connection();
        String vertx = connection.channelHandlerContext().name();
        connection
                .channel()
                .pipeline()
                .addBefore(vertx, null, new Utf8FrameValidator(false))
                .addBefore(vertx, null, new WebSocketFaults())
                .addBefore(vertx, null, new EmptyFragments())
                .addBefore(vertx, null, new EarlyFrames());
    }

    /** Bits that no extension has taken (RFC 6455, 5.2): with one agreed on, Netty asks no more whose they are. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame && (frame.rsv() != 0 || said)) {
            frame.release();
            exceptionCaught(
                    context,
                    new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, "reserved bits"));
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        CorruptedWebSocketFrameException fault = faultIn(failure);
        if (fault == null) {
            context.fireExceptionCaught(failure);
        } else if (!said) {
            said = true;
            // In a turn of its own: what came in one write with the upgrade is decoded before that is answered.
            context.executor().execute(() -> say(context, fault.closeStatus()));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the channel's closeFuture is what everybody listens to
    private static void say(ChannelHandlerContext context, WebSocketCloseStatus status) {
        context.writeAndFlush(new CloseWebSocketFrame(status, status.reasonText()))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        // Not by the channel: on its way the close would pass Vert.x, which says another goodbye.
        context.executor().schedule(() -> context.close(), LINGER_MS, TimeUnit.MILLISECONDS);
    }

    private static @Nullable CorruptedWebSocketFrameException faultIn(@Nullable Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException fault) {
            return fault;
        }
        return failure == null ? null : faultIn(failure.getCause());
    }
}

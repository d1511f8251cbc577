package dev.lastcall.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection on which a request's head does not become whole in time: with a 408 where a part of it came. On the event loop. */
final class HeadAlarm {
    private static final String ANSWER =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private final OpenConnections connections;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean bytes;

    HeadAlarm(OpenConnections connections) {
        this.connections = connections;
    }

    void bytesCame() {
        bytes = true;
    }

    void start(ChannelHandlerContext context) {
        if (alarm == null) {
            long limitMs = connections.limits().headTimeout().toMillis();
            alarm = context.executor().schedule(() -> end(context), limitMs, TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void end(ChannelHandlerContext context) {
        connections.slow();
        // From the head of the pipeline: what is written here is bytes already.
        context.pipeline()
                .firstContext()
                .writeAndFlush(
                        bytes ? Unpooled.copiedBuffer(ANSWER, StandardCharsets.ISO_8859_1) : Unpooled.EMPTY_BUFFER)
                .addListener(ChannelFutureListener.CLOSE);
    }
}

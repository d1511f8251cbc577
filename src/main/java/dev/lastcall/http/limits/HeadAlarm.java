package dev.lastcall.http.limits;

import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.http.RefusalFormats;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection on which a request's head does not become whole in time: with a 408 where a part of it came. On the event loop. */
final class HeadAlarm {
    private final OpenConnections connections;
    private final RefusalFormats formats;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean bytes;

    HeadAlarm(OpenConnections connections, RefusalFormats formats) {
        this.connections = connections;
        this.formats = formats;
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
        ChannelHandlerContext decoder = context.pipeline().context(PacedRequestDecoder.class);
        if (bytes && decoder != null) {
            String limit = ReadableDuration.of(connections.limits().headTimeout());
            String detail = "request head: not whole after " + limit + " (lastcall.http.head-timeout); send it at once";
            EarlyAnswer.send(decoder, formats.of(null, RefusalFormats.REQUEST_TIMEOUT, detail));
        } else {
            // From the head of the pipeline, and so at once.
            context.pipeline()
                    .firstContext()
                    .writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}

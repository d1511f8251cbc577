package dev.lastcall.proxy;

import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.problem.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/1.1 connection on which a request's head does not become whole in time: the first from the connection on, each later one
 * from its first byte on. An idle connection is left alone, and so is HTTP/2. A head that comes in one piece costs no alarm. On the event
 * loop.
 */
final class HeadClock extends ChannelInboundHandlerAdapter {
    private static final int REQUEST_TIMEOUT = 408;

    private final Channel channel;
    private final ClientLimits limits;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean betweenHeads;
    private boolean bytes;
    private boolean begun;
    private int exchanges;

    HeadClock(Channel channel, ClientLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    /** The rest of the message is its body. */
    void headCame() {
        betweenHeads = false;
        stop();
    }

    /** What comes next is the next head. What came with this message's end is not looked at: alone it is as idle as nothing. */
    void messageEnded() {
        betweenHeads = true;
        bytes = false;
    }

    /** Its protocol is another one now. */
    void dismiss() {
        stop();
        if (channel.pipeline().context(this) != null) {
            channel.pipeline().remove(this);
        }
    }

    /** Stops the clock while a request is being answered. */
    void exchangeBegan() {
        exchanges++;
    }

    /** Starts the clock anew for a head of which a part has arrived during the exchange. */
    void exchangeEnded() {
        exchanges--;
        if (alarm != null) {
            stop();
            start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ClientConnections all = limits.of(channel.eventLoop());
        all.opened(new ClientConnection(channel, all, this));
        start();
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytes = true;
        begun = true;
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (betweenHeads && bytes && alarm == null) {
            start();
        }
        context.fireChannelReadComplete();
    }

    private void start() {
        alarm = channel.eventLoop().schedule(this::end, limits.head().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void end() {
        alarm = null;
        if (exchanges > 0) {
            start();
            return;
        }
        ChannelHandlerContext context = channel.pipeline().context(this);
        if (context != null) {
            context.writeAndFlush(begun ? answer() : Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private ByteBuf answer() {
        String limit = ReadableDuration.of(limits.head());
        String body = Problem.of(
                        REQUEST_TIMEOUT,
                        "request head: not whole after " + limit + " (lastcall.proxy.head-timeout); send it at once")
                .retryable(true)
                .encode();
        return Unpooled.copiedBuffer(
                "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: " + Problem.MEDIA_TYPE
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
                StandardCharsets.ISO_8859_1);
    }
}

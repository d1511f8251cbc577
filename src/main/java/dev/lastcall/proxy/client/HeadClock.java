package dev.lastcall.proxy.client;

import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.http.HeadSize;
import dev.lastcall.http.limits.HeadBudget;
import dev.lastcall.problem.Problem;
import dev.lastcall.proxy.settings.ProxyTls;
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
    private static final int SERVICE_UNAVAILABLE = 503;

    private final Channel channel;
    private final ClientLimits limits;
    private @Nullable ScheduledFuture<?> alarm;
    private final HeadBudget.Part held;
    private boolean betweenHeads;
    private boolean waiting = true;
    private long head;
    private boolean bytes;
    private boolean begun;
    private int exchanges;

    HeadClock(Channel channel, ClientLimits limits) {
        this.channel = channel;
        this.limits = limits;
        held = limits.heads().part();
    }

    /** The rest of the message is its body. */
    void headCame() {
        betweenHeads = false;
        waiting = false;
        held.release();
        stop();
    }

    /** Expects the next head. Bytes that came with this message's end are not looked at: alone they are as idle as nothing. */
    void messageEnded(long left) {
        betweenHeads = true;
        bytes = false;
        waiting = true;
        head = left;
    }

    /** Its protocol is another one now. */
    void dismiss() {
        stop();
        held.release();
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
        held.release();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        bytes = true;
        begun = true;
        if (waiting && message instanceof ByteBuf part) {
            head += part.readableBytes();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (betweenHeads && bytes && alarm == null) {
            start();
        }
        if (waiting && head > 0 && !held.hold(head) && exchanges == 0) {
            endSurplus();
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
        if (context == null) {
            return;
        }
        RequestDecoder decoder = channel.pipeline().get(RequestDecoder.class);
        if (!ProxyTls.isOn(channel)) {
            close(context, begun ? late() : null);
        } else if (decoder == null) {
            close(context, null);
        } else {
            close(channel.pipeline().context(decoder), decoder.hasBegun() ? late() : null);
        }
    }

    /** All heads that do not end hold too much together: this one has grown last. */
    private void endSurplus() {
        stop();
        held.release();
        waiting = false;
        limits.surplus();
        RequestDecoder decoder = channel.pipeline().get(RequestDecoder.class);
        ChannelHandlerContext from = decoder == null
                ? channel.pipeline().context(this)
                : channel.pipeline().context(decoder);
        String body = Problem.of(SERVICE_UNAVAILABLE, HeadSize.SURPLUS)
                .retryable(true)
                .encode();
        close(from, ProxyTls.isOn(channel) && decoder == null ? null : answer("503 Service Unavailable", body));
    }

    /** From a handler behind TLS, if there is TLS. */
    private static void close(ChannelHandlerContext from, @Nullable ByteBuf answer) {
        from.writeAndFlush(answer == null ? Unpooled.EMPTY_BUFFER : answer).addListener(ChannelFutureListener.CLOSE);
    }

    private ByteBuf late() {
        String limit = ReadableDuration.of(limits.head());
        return answer(
                "408 Request Timeout",
                Problem.of(
                                REQUEST_TIMEOUT,
                                "request head: not whole after " + limit
                                        + " (lastcall.proxy.head-timeout); send it at once")
                        .retryable(true)
                        .encode());
    }

    private static ByteBuf answer(String status, String body) {
        return Unpooled.copiedBuffer(
                "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Type: " + Problem.MEDIA_TYPE
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
                StandardCharsets.ISO_8859_1);
    }
}

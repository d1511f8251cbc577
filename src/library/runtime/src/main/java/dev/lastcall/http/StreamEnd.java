package dev.lastcall.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream of events that is told to, where whoever writes it knows nothing of the drain: behind its next whole event, as the sidecar
 * does. The client sees a proper end and asks another instance for the rest; what the application still writes is left out until its own end,
 * or that of the connection, which follows. On the connection's event loop.
 */
final class StreamEnd extends ChannelOutboundHandlerAdapter {
    private static final int FIRST_FINAL_STATUS = 200;

    private final Exchange exchange;
    private @Nullable EventBoundary boundary;
    private boolean told;
    private boolean ended;

    private StreamEnd(Exchange exchange) {
        this.exchange = exchange;
    }

    static void follow(Exchange exchange) {
        ServedConnection connection = exchange.connection();
        StreamEnd end = new StreamEnd(exchange);
        connection
                .channel
                .pipeline()
                .addBefore(connection.connection.channelHandlerContext().name(), null, end);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (ended) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
            if (message instanceof LastHttpContent) {
                context.pipeline().remove(this);
            }
            return;
        }
        if (message instanceof HttpResponse head && !begins(head)) {
            context.write(message, promise);
            if (head.status().code() >= FIRST_FINAL_STATUS || head.status().code() == 101) {
                context.pipeline().remove(this);
            }
            return;
        }
        note(message);
        boolean last = message instanceof LastHttpContent;
        context.write(message, promise);
        if (last) {
            context.pipeline().remove(this);
        } else if (told) {
            endWhenWhole(context);
        }
    }

    /** Whether it is a stream that may be ended between two events. */
    private boolean begins(HttpResponse head) {
        HttpHeaders headers = head.headers();
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        boolean plain = encoding == null || encoding.strip().contentEquals(HttpHeaderValues.IDENTITY);
        boolean whole = head instanceof FullHttpResponse || headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (head.status().code() < FIRST_FINAL_STATUS
                || type == null
                || !StreamTypes.isStream(type)
                || !plain
                || whole) {
            return false;
        }
        boundary = new EventBoundary(type);
        ChannelHandlerContext context = exchange.connection().channel.pipeline().context(this);
        exchange.entry().onCancelled(() -> exchange.connection().run(() -> told(context)));
        return true;
    }

    private void told(ChannelHandlerContext context) {
        // Whoever has asked for the signal writes a last event and ends by itself.
        if (!exchange.isFollowed() && !ended && !context.isRemoved()) {
            told = true;
            endWhenWhole(context);
        }
    }

    private void note(Object message) {
        EventBoundary noted = boundary;
        if (noted != null && message instanceof ByteBufHolder content) {
            noted.note(content.content());
        } else if (noted != null && message instanceof ByteBuf bytes) {
            noted.note(bytes);
        }
    }

    private void endWhenWhole(ChannelHandlerContext context) {
        EventBoundary noted = boundary;
        if (noted != null && noted.isWhole()) {
            ended = true;
            exchange.leave();
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}

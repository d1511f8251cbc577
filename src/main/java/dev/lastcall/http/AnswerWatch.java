package dev.lastcall.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Sees the answers of an HTTP/1.x connection as they are written: Vert.x' own handlers are single, and whoever comes last has them. A
 * connection has one exchange at a time, since Vert.x gives the next request out only behind the last answer's end. On the event loop.
 */
final class AnswerWatch extends ChannelOutboundHandlerAdapter {
    /** 100, 101 and 103: what comes before an answer, or instead of one. */
    private static final int FIRST_FINAL_STATUS = 200;

    private @Nullable Exchange exchange;

    AnswerWatch(ServedConnection connection) {
        connection
                .channel
                .pipeline()
                .addBefore(connection.connection.channelHandlerContext().name(), null, this);
        connection.channel.closeFuture().addListener(closed -> gone());
    }

    void begin(Exchange next) {
        exchange = next;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the writer has
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Exchange answered = exchange;
        if (answered == null) {
            context.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse head) {
            if (head.status().code() < FIRST_FINAL_STATUS) {
                context.write(message, promise);
                return;
            }
            if (answered.head(head.status().code(), head.headers().get(HttpHeaderNames.CONTENT_TYPE))) {
                head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        context.write(message, promise);
        if (message instanceof LastHttpContent) {
            exchange = null;
            answered.answered();
        }
    }

    private void gone() {
        Exchange left = exchange;
        if (left != null) {
            exchange = null;
            left.gone();
        }
    }
}

package dev.lastcall.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Sees the answers of an HTTP/1.x connection as they are written and flushed: Vert.x' own handlers are single, and whoever comes last has
 * them. A connection has one exchange at a time, since Vert.x gives the next request out only behind the last answer's end; but several
 * answers may wait for one flush. On the event loop.
 */
final class AnswerWatch extends ChannelOutboundHandlerAdapter {
    /** 100, 101 and 103: what comes before an answer, or instead of one. */
    private static final int FIRST_FINAL_STATUS = 200;

    private final ServedHttp1 connection;
    private final Queue<AnswerListener> unflushed = new ArrayDeque<>(1);
    private @Nullable AnswerListener answering;

    AnswerWatch(ServedHttp1 connection) {
        this.connection = connection;
        connection
                .channel
                .pipeline()
                .addBefore(connection.connection.channelHandlerContext().name(), null, this);
        connection.channel.closeFuture().addListener(closed -> gone());
    }

    void begin(AnswerListener next) {
        answering = next;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the writer has
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        AnswerListener answered = answering;
        if (answered == null) {
            context.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse head) {
            if (head.status().code() < FIRST_FINAL_STATUS) {
                context.write(message, promise);
                return;
            }
            if (answered.headWritten(head.status().code(), head.headers().get(HttpHeaderNames.CONTENT_TYPE))) {
                head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        context.write(message, promise);
        if (message instanceof LastHttpContent) {
            answering = null;
            unflushed.add(answered);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        for (AnswerListener answered = unflushed.poll(); answered != null; answered = unflushed.poll()) {
            connection.whenFlushed(answered);
        }
    }

    private void gone() {
        AnswerListener left = answering;
        if (left != null) {
            answering = null;
            left.answerEnded(false);
        }
        for (AnswerListener answered = unflushed.poll(); answered != null; answered = unflushed.poll()) {
            answered.answerEnded(false);
        }
    }
}

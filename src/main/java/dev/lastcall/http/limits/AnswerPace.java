package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** Tells the decoder of each answer's begin and end. On the event loop. */
final class AnswerPace extends ChannelOutboundHandlerAdapter {
    private final PacedRequestDecoder decoder;

    AnswerPace(PacedRequestDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the writer has
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean informational =
                message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse && !informational) {
            decoder.answerBegins();
        }
        context.write(message, promise);
        if (message instanceof LastHttpContent && !informational) {
            decoder.answered();
        }
    }
}

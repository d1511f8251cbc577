package dev.lastcall.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.MultiMap;

/**
 * Adds trailers to the end of the request being sent, which Vert.x' client cannot do, then removes itself from the pipeline. On the event
 * loop.
 */
final class TrailerWriter extends ChannelOutboundHandlerAdapter {
    private final MultiMap trailers;

    TrailerWriter(MultiMap trailers) {
        this.trailers = trailers;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the writer has
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent last) {
            DefaultLastHttpContent end = new DefaultLastHttpContent(last.content());
            trailers.forEach((name, value) -> end.trailingHeaders().add(name, value));
            context.write(end, promise);
            context.pipeline().remove(this);
        } else {
            context.write(message, promise);
        }
    }
}

package dev.lastcall.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;

/** Replaces unknown methods of HTTP/2 requests, as {@link PacedRequestDecoder} does for HTTP/1.x. On the event loop. */
final class Http2Fields extends Http2FrameListenerDecorator {
    private Http2Fields(Http2FrameListener next) {
        super(next);
    }

    static void watch(Http2ConnectionHandler handler) {
        handler.decoder().frameListener(new Http2Fields(handler.decoder().frameListener()));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        replaceIn(headers);
        super.onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        replaceIn(headers);
        super.onHeadersRead(context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
    }

    private static void replaceIn(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method != null && !KnownMethods.contains(method.toString())) {
            headers.method(KnownMethods.OTHER);
        }
    }
}

package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A listener to the frames of an HTTP/2 connection that sees each head, and each request's trailers, before the listener behind it: Netty tells
 * of them in two forms, with a priority and without. On the event loop.
 */
public abstract class Http2HeadListener extends Http2FrameListenerDecorator {
    protected Http2HeadListener(Http2FrameListener next) {
        super(next);
    }

    /**
     * A head, or trailers, has come.
     *
     * @param headers may be changed, for whoever listens next
     * @throws Http2Exception an error of the stream or of the connection: nobody behind this sees the head
     */
    protected abstract void head(int streamId, Http2Headers headers) throws Http2Exception;

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        head(streamId, headers);
        super.onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public final void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        head(streamId, headers);
        super.onHeadersRead(context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
    }
}

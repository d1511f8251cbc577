package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps streams whose request is malformed from ending their connection. Vert.x makes no request of them, which it does not expect in two places
 * (4.5): a method that is no token is an IllegalArgumentException to it, and at an error of the connection it looks for the request of every open
 * stream. Clients were told of an INTERNAL_ERROR then, or of nothing. So such a stream is closed as soon as its reset is written, and not only once
 * that has left the socket. On the event loop.
 */
public final class MalformedStreams extends ChannelOutboundHandlerAdapter {
    /** The one that a head has just opened, until Vert.x has taken the request. */
    private @Nullable Http2Stream opening;

    private MalformedStreams() {}

    /**
     * Watches over a connection from now on.
     *
     * @param at where the connection's handler stands
     */
    public static void watch(Http2ConnectionHandler handler, ChannelHandlerContext at) {
        MalformedStreams watch = new MalformedStreams();
        handler.connection().addListener(watch.new Opened());
        handler.decoder().frameListener(watch.new Heads(handler.decoder().frameListener()));
        at.pipeline().addBefore(at.name(), null, watch);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        if (opening != null && opening.isResetSent()) {
            close();
        }
    }

    /** RFC 9110, 5.6.2. */
    private static boolean isToken(CharSequence text) {
        return text.length() > 0 && HttpHeaderValidationUtil.validateToken(text) < 0;
    }

    private void close() {
        Http2Stream stream = opening;
        opening = null;
        if (stream != null) {
            stream.close();
        }
    }

    private final class Opened extends Http2ConnectionAdapter {
        @Override
        public void onStreamActive(Http2Stream stream) {
            opening = stream;
        }
    }

    private final class Heads extends Http2FrameListenerDecorator {
        Heads(Http2FrameListener next) {
            super(next);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endOfStream)
                throws Http2Exception {
            passOn(streamId, headers, () -> super.onHeadersRead(context, streamId, headers, padding, endOfStream));
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
            passOn(
                    streamId,
                    headers,
                    () -> super.onHeadersRead(
                            context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream));
        }

        private void passOn(int streamId, Http2Headers headers, Head head) throws Http2Exception {
            CharSequence method = headers.method();
            if (method != null && !isToken(method)) {
                throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "no token as :method");
            }
            try {
                head.pass();
            } catch (Http2Exception e) {
                if (!Http2Exception.isStreamError(e)) {
                    close();
                }
                throw e;
            } catch (RuntimeException e) {
                close();
                throw e;
            }
            opening = null;
        }
    }

    private interface Head {
        void pass() throws Http2Exception;
    }
}

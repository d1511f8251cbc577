package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Bounds HPACK's dynamic table for the heads that we send on a connection. The peer says how large it may be, up to 4 GiB (RFC 9113, 6.5.2), and
 * Netty fills it with each field that differs from those before: that is memory which a peer makes us hold. On the event loop.
 */
public final class DynamicTableLimit extends Http2FrameListenerDecorator {
    /** The size before any SETTINGS, in octets of RFC 7541, 4.1. */
    private static final long MOST = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

    private final Http2HeadersEncoder.Configuration encoder;

    private DynamicTableLimit(Http2ConnectionHandler handler) {
        super(handler.decoder().frameListener());
        encoder = handler.encoder().configuration().headersConfiguration();
    }

    /** Begins with a connection whose first SETTINGS have come or are being read, and goes on with those that come later. */
    public static void watch(Http2ConnectionHandler handler) {
        DynamicTableLimit limit = new DynamicTableLimit(handler);
        handler.decoder().frameListener(limit);
        try {
            limit.bound();
        } catch (Http2Exception e) {
            // The limit is a size that is allowed.
            throw new IllegalStateException(e);
        }
    }

    private void bound() throws Http2Exception {
        if (encoder.maxHeaderTableSize() > MOST) {
            encoder.maxHeaderTableSize(MOST);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        // Netty has applied them before it tells of them, and writes nothing in between.
        bound();
        super.onSettingsRead(context, settings);
    }
}

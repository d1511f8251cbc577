package dev.lastcall.http.limits;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Counts what an HTTP/2 connection has sent since its last whole frame, which is the begin of a head or little: between the frames of a head
 * no other may come (RFC 9113, 4.3). A connection that holds too much of the common budget is ended. On the event loop.
 */
public final class Http2Heads extends ChannelInboundHandlerAdapter {
    /** Of a single frame; what is less is not counted. */
    private static final int FRAME = 16 * 1024;

    private final Http2ConnectionHandler handler;
    private final HeadBudget.Part part;
    private long since;

    private Http2Heads(Http2ConnectionHandler handler, HeadBudget budget) {
        this.handler = handler;
        part = budget.part();
        handler.decoder().frameListener(new Frames());
    }

    /**
     * Watches over a connection from now on.
     *
     * @param at where the connection's handler stands
     */
    public static void watch(Http2ConnectionHandler handler, ChannelHandlerContext at, HeadBudget budget) {
        at.pipeline().addBefore(at.name(), null, new Http2Heads(handler, budget));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            since += bytes.readableBytes();
        }
        context.fireChannelRead(message);
        if (since > FRAME && !part.hold(since)) {
            end(context);
        }
    }

    @SuppressWarnings(
            "FutureReturnValueIgnored") // it is the promise; the channel's closeFuture is what everybody listens to
    private void end(ChannelHandlerContext context) {
        part.release();
        since = 0;
        ChannelHandlerContext at = context.pipeline().context(handler);
        if (at != null) {
            handler.goAway(
                    at,
                    handler.connection().remote().lastStreamCreated(),
                    Http2Error.ENHANCE_YOUR_CALM.code(),
                    Unpooled.EMPTY_BUFFER,
                    at.newPromise());
            at.flush();
        }
        // Not by the channel: its handler would wait for the streams.
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(said -> context.close());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        part.release();
        context.fireChannelInactive();
    }

    private void whole() {
        since = 0;
        part.release();
    }

    private final class Frames extends Http2HeadListener {
        Frames() {
            super(handler.decoder().frameListener());
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            whole();
            return super.onDataRead(context, stream, data, padding, end);
        }

        @Override
        protected void head(int stream, Http2Headers headers) {
            whole();
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
            whole();
            super.onSettingsRead(context, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
            whole();
            super.onPingRead(context, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
            whole();
            super.onPingAckRead(context, data);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            whole();
            super.onPriorityRead(context, stream, dependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int stream, long error) throws Http2Exception {
            whole();
            super.onRstStreamRead(context, stream, error);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment) throws Http2Exception {
            whole();
            super.onWindowUpdateRead(context, stream, increment);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            whole();
            super.onUnknownFrame(context, type, stream, flags, payload);
        }
    }
}

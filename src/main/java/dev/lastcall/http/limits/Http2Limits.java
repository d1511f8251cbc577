package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Puts what listens to the frames of an HTTP/2 connection in its place. Vert.x exchanges the listener with the client's first SETTINGS, before
 * which no other frame is read (RFC 9113, 3.4): whoever listens has to come behind that. On the event loop.
 */
final class Http2Limits extends Http2FrameListenerDecorator {
    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext context;
    private final OpenConnections connections;

    private Http2Limits(Http2ConnectionHandler handler, ChannelHandlerContext context, OpenConnections connections) {
        super(handler.decoder().frameListener());
        this.handler = handler;
        this.context = context;
        this.connections = connections;
    }

    static void install(Http2ConnectionHandler handler, ChannelHandlerContext context, OpenConnections connections) {
        Http2Limits limits = new Http2Limits(handler, context, connections);
        if (handler.decoder().frameListener() == handler) {
            handler.decoder().frameListener(limits);
        } else {
            limits.listen();
        }
    }

    private void listen() {
        StalledStreams.watch(handler, context, connections);
        Http2RequestFields.watch(handler);
        MalformedStreams.watch(handler, context);
        DynamicTableLimit.watch(handler);
        Http2Heads.watch(handler, context, connections.heads());
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext reading, Http2Settings settings) throws Http2Exception {
        super.onSettingsRead(reading, settings);
        listen();
    }
}

package dev.lastcall.http.limits;

import dev.lastcall.http.RefusalFormats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Watches over a connection until its protocol is known, which Vert.x learns from its first bytes, and exchanges the decoder of HTTP/1.x for
 * one that keeps the limits. The bytes are handed on one by one: the decoder can be exchanged only before it has read a request. On the
 * event loop.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    /** Vert.x' names. */
    private static final String DECODER = "httpDecoder";

    private static final String ENCODER = "httpEncoder";
    private static final String TLS = "ssl";
    private static final int LOW_WATER = 16 * 1024;
    private static final int HIGH_WATER = 32 * 1024;

    private final OpenConnections connections;
    private final HttpServerOptions options;
    private final RefusalFormats formats;
    private final HeadAlarm alarm;

    FirstBytes(OpenConnections connections, HttpServerOptions options, RefusalFormats formats) {
        this.connections = connections;
        this.options = options;
        this.formats = formats;
        alarm = new HeadAlarm(connections, formats);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        alarm.start(context);
        connections.opened(context.channel());
        if (context.pipeline().get(TLS) != null) {
            context.pipeline().addAfter(TLS, null, new Handshake(context));
        }
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        alarm.stop();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes) || context.pipeline().get(TLS) != null) {
            context.fireChannelRead(message);
            return;
        }
        alarm.bytesCame();
        while (bytes.isReadable() && !identify(context)) {
            context.fireChannelRead(bytes.readRetainedSlice(1));
        }
        identify(context);
        if (bytes.isReadable()) {
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
    }

    /** Whether the protocol is known; nothing is to be done here any more then. */
    private boolean identify(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return true;
        }
        ChannelPipeline pipeline = context.pipeline();
        ChannelHandler decoder = pipeline.get(DECODER);
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (decoder instanceof VertxHttpRequestDecoder && pipeline.get(ENCODER) != null) {
            exchange(pipeline);
        } else if (http2 == null) {
            return false;
        } else {
            alarm.stop();
            ChannelHandlerContext at = pipeline.context(http2);
            pipeline.addBefore(at.name(), null, new StalledWrites(connections));
            Http2Limits.install(http2, at, connections);
        }
        pipeline.remove(this);
        return true;
    }

    private void exchange(ChannelPipeline pipeline) {
        PacedRequestDecoder decoder = new PacedRequestDecoder(options, alarm, connections, formats);
        pipeline.replace(DECODER, DECODER, decoder);
        pipeline.addAfter(ENCODER, null, new AnswerPace(decoder));
        pipeline.addAfter(ENCODER, null, new StalledWrites(connections));
    }

    /** Under TLS the protocol is known with the end of the handshake, which may come in one piece with the first request. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final ChannelHandlerContext first;

        Handshake(ChannelHandlerContext first) {
            this.first = first;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            context.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent completed && completed.isSuccess()) {
                identify(first);
                context.pipeline().remove(this);
            }
        }
    }
}

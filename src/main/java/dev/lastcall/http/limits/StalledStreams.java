package dev.lastcall.http.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Resets the HTTP/2 streams whose clients open no window for what waits for them within the send timeout: the socket cannot tell, since flow
 * control keeps it empty. A connection without a stream is idle. On the event loop.
 */
final class StalledStreams extends Http2FrameListenerDecorator {
    private static final int LOOKS = 8;

    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext context;
    private final OpenConnections connections;
    private final Http2Connection streams;
    private final Http2RemoteFlowController flow;
    private final Http2Connection.PropertyKey progress;
    private final long limitNanos;
    private long connectionsProgress = System.nanoTime();
    private boolean watching;

    private StalledStreams(Http2ConnectionHandler handler, ChannelHandlerContext context, OpenConnections connections) {
        super(handler.decoder().frameListener());
        this.handler = handler;
        this.context = context;
        this.connections = connections;
        streams = handler.connection();
        flow = handler.encoder().flowController();
        progress = streams.newKey();
        limitNanos = connections.limits().sendTimeout().toNanos();
    }

    static void watch(Http2ConnectionHandler handler, ChannelHandlerContext context, OpenConnections connections) {
        StalledStreams watch = new StalledStreams(handler, context, connections);
        handler.decoder().frameListener(watch);
        handler.connection().addListener(watch.new Streams());
        if (watch.streams.numActiveStreams() > 0) {
            watch.begin();
        }
    }

    private void begin() {
        connections.busy(context.channel());
        if (!watching) {
            watching = true;
            lookLater();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it finds nothing to do where the connection has closed
    private void lookLater() {
        context.executor().schedule(this::look, Math.max(1, limitNanos / LOOKS), TimeUnit.NANOSECONDS);
    }

    private void look() {
        watching = context.channel().isActive() && streams.numActiveStreams() > 0;
        if (!watching) {
            return;
        }
        long now = System.nanoTime();
        for (Http2Stream stream : active()) {
            if (!flow.hasFlowControlled(stream)) {
                stream.setProperty(progress, now);
            } else if (now - lastProgress(stream, now) >= limitNanos) {
                end(stream);
            }
        }
        lookLater();
    }

    private List<Http2Stream> active() {
        List<Http2Stream> active = new ArrayList<>(streams.numActiveStreams());
        try {
            streams.forEachActiveStream(active::add);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return active;
    }

    private long lastProgress(Http2Stream stream, long now) {
        Long own = stream.getProperty(progress);
        if (own == null) {
            stream.setProperty(progress, now);
            return now;
        }
        // With a window of its own it waits for the connection's, which the other streams may have used up.
        boolean waitsForOthers = flow.windowSize(stream) > 0;
        return waitsForOthers && connectionsProgress - own > 0 ? connectionsProgress : own;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise; the stream's end tells what became of it
    private void end(Http2Stream stream) {
        connections.stalled();
        handler.resetStream(context, stream.id(), Http2Error.CANCEL.code(), context.newPromise());
        context.flush();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment) throws Http2Exception {
        super.onWindowUpdateRead(context, streamId, increment);
        Http2Stream stream = streams.stream(streamId);
        if (streamId == 0) {
            connectionsProgress = System.nanoTime();
        } else if (stream != null && flow.windowSize(stream) > 0) {
            stream.setProperty(progress, System.nanoTime());
        }
    }

    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamActive(Http2Stream stream) {
            begin();
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            if (streams.numActiveStreams() == 0) {
                connections.idle(context.channel());
            }
        }
    }
}

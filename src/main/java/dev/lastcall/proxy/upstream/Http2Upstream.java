package dev.lastcall.proxy.upstream;

import dev.lastcall.http.limits.DynamicTableLimit;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.impl.ContextInternal;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** An HTTP/2 connection to the application, shared by the exchanges of one event loop. On that event loop. */
final class Http2Upstream implements UpstreamConnection {
    private final HttpClientConnection connection;
    private final Http2Connection streams;
    private boolean gone;
    private boolean reused;

    Http2Upstream(HttpClientConnection connection) {
        this.connection = connection;
        Http2ConnectionHandler handler =
                (Http2ConnectionHandler) connection.channelHandlerContext().handler();
        DynamicTableLimit.watch(handler);
        streams = handler.connection();
        connection.evictionHandler(closed -> gone = true);
        connection.exceptionHandler(failure -> {}); // the exchanges under way hear of it too
    }

    boolean isOpen() {
        return connection.channelHandlerContext().channel().isActive();
    }

    /** A GOAWAY may be here before anybody listens for it: with the settings that end the connecting. */
    @Override
    public boolean isFree() {
        return !gone && isOpen() && !streams.goAwayReceived() && connection.activeStreams() < connection.concurrency();
    }

    @Override
    public void begin(
            ContextInternal context,
            Listener told,
            BooleanSupplier roomy,
            Handler<AsyncResult<HttpClientStream>> begun) {
        connection.createStream(context, begun);
        reused = true;
    }

    @Override
    public void abandon() {
        // Others have it.
    }

    @Override
    public void expect(boolean toHead) {
        // Frames tell where an answer ends.
    }

    @Override
    public void pause(HttpClientStream stream) {
        stream.doPause();
    }

    @Override
    public void resume(HttpClientStream stream) {
        stream.doFetch(Long.MAX_VALUE);
    }

    /** Behind Vert.x, whose client has no word for them. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // where it fails the stream does
    public void end(HttpClientStream stream, MultiMap trailers) {
        ChannelHandlerContext context = connection.channelHandlerContext();
        Http2Headers fields = new DefaultHttp2Headers();
        trailers.forEach((name, value) -> fields.add(name.toLowerCase(Locale.ROOT), value));
        ((Http2ConnectionHandler) context.handler())
                .encoder()
                .writeHeaders(context, stream.id(), fields, 0, true, context.newPromise());
        context.flush();
    }

    @Override
    public Channel takeOver() {
        throw new IllegalStateException("an HTTP/2 connection (expected: one of HTTP/1.1, for a WebSocket)");
    }

    /** Decides by the last of its GOAWAYs: Vert.x knows the first, which names no stream where it is a graceful one. */
    @Override
    public boolean hasLeftOut(int streamId) {
        return !streams.local().mayHaveCreatedStream(streamId)
                || (streams.goAwayReceived() && streamId > streams.local().lastStreamKnownByPeer());
    }

    @Override
    public boolean takesOthers() {
        return streams.goAwayReceived()
                ? streams.local().lastStreamCreated() > 0 && streams.local().lastStreamKnownByPeer() > 0
                : connection.activeStreams() > 0;
    }

    @Override
    public boolean isReused() {
        return reused;
    }
}

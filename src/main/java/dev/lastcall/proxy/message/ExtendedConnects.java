package dev.lastcall.proxy.message;

import dev.lastcall.http.limits.Http2HeadListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * The requests on an HTTP/2 connection that are to become another protocol: {@code CONNECT} with {@code :protocol} (RFC 8441, 4). Vert.x takes
 * them for malformed, so below it they become the GET that they are in HTTP/1.1, and the protocol is kept with the stream. On the event loop.
 */
public final class ExtendedConnects extends Http2HeadListener {
    /** SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441, 3), without which no client may send any. */
    public static final int SETTING = 8;

    private static final AttributeKey<ExtendedConnects> KEY = AttributeKey.valueOf(ExtendedConnects.class, "streams");
    private static final String WEBSOCKET = "websocket";
    private static final CharSequence PROTOCOL = Http2Headers.PseudoHeaderName.PROTOCOL.value();

    private final Http2ConnectionHandler handler;
    private final ChannelHandlerContext context;
    private final boolean offered;
    private final Http2Connection streams;
    private final Http2Connection.PropertyKey protocols;

    private ExtendedConnects(Http2ConnectionHandler handler, ChannelHandlerContext context, boolean offered) {
        super(handler.decoder().frameListener());
        this.offered = offered;
        this.handler = handler;
        this.context = context;
        streams = handler.connection();
        protocols = streams.newKey();
    }

    /**
     * Begins with a connection, if it is one of HTTP/2.
     *
     * @param offered whether its client has been told that it may send some; they are malformed where not
     */
    public static void watch(HttpConnection connection, boolean offered) {
        ChannelHandlerContext context = ((HttpServerConnection) connection).channelHandlerContext();
        if (!(context.handler() instanceof Http2ConnectionHandler handler)) {
            return;
        }
        ExtendedConnects watch = new ExtendedConnects(handler, context, offered);
        handler.decoder().frameListener(watch);
        handler.connection().addListener(watch.new Declined());
        context.channel().attr(KEY).set(watch);
    }

    /** The protocol that a request's stream is to become; null: it is to stay as it is, or has become it. */
    public static @Nullable String protocolOf(HttpServerRequest request) {
        ExtendedConnects known = of(request);
        if (known == null) {
            return null;
        }
        Http2Stream stream = known.streams.stream(request.streamId());
        return stream == null ? null : stream.getProperty(known.protocols);
    }

    /** Whether a request's stream is to become a WebSocket. */
    public static boolean isWebSocket(HttpServerRequest request) {
        String protocol = protocolOf(request);
        return protocol != null && protocol.equalsIgnoreCase(WEBSOCKET);
    }

    /** The request's stream is what it was to become, and its client goes on sending. */
    public static void accepted(HttpServerRequest request) {
        ExtendedConnects known = of(request);
        if (known == null) {
            return;
        }
        Http2Stream stream = known.streams.stream(request.streamId());
        if (stream != null) {
            stream.removeProperty(known.protocols);
        }
    }

    private static @Nullable ExtendedConnects of(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return null;
        }
        Channel channel = ((HttpServerConnection) request.connection()).channel();
        return channel.attr(KEY).get();
    }

    @Override
    protected void head(int streamId, Http2Headers headers) throws Http2Exception {
        CharSequence protocol = headers.getAndRemove(PROTOCOL);
        Http2Stream stream = streams.stream(streamId);
        if (protocol == null || stream == null) {
            return;
        }
        boolean connect = offered
                && !stream.isTrailersReceived()
                && HttpMethod.CONNECT.name().contentEquals(String.valueOf(headers.method()));
        if (!connect || headers.scheme() == null || headers.path() == null) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.PROTOCOL_ERROR, ":protocol without CONNECT, :scheme and :path");
        }
        headers.method(HttpMethod.GET.name());
        stream.setProperty(protocols, protocol.toString());
    }

    /** The answer is whole, and the stream has become nothing: its client is to send no more (RFC 9113, 8.1). */
    private final class Declined extends Http2ConnectionAdapter {
        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            if (!stream.state().localSideOpen() && stream.removeProperty(protocols) != null) {
                context.executor().execute(() -> reset(stream));
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise; the stream's end tells what became of it
    private void reset(Http2Stream stream) {
        if (streams.stream(stream.id()) == stream) {
            handler.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
            context.flush();
        }
    }
}

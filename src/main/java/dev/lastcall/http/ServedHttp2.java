package dev.lastcall.http;

import dev.lastcall.drain.Outcome;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.HttpServerRequestInternal;

/**
 * HTTP/2: clients are told to go by GOAWAY, in two steps (RFC 9113, 6.8). The first names no last stream, so that streams already on
 * their way are served; the second ends that. Streams above the last one fail at the client.
 */
final class ServedHttp2 extends ServedConnection {
    private enum GoAway {
        NONE,
        ANNOUNCED,
        FINAL
    }

    private final Http2ConnectionHandler handler;
    private final Http2Connection streams;
    private final Http2Connection.PropertyKey unflushed;
    private GoAway sent = GoAway.NONE;

    ServedHttp2(HttpServerConnection connection, Connections connections) {
        super(connection, connections);
        handler = (Http2ConnectionHandler) connection.channelHandlerContext().handler();
        streams = handler.connection();
        unflushed = streams.newKey();
        streams.addListener(new StreamEnds());
        // After the request that made this: one that comes late in the drain is answered first.
        channel.eventLoop().execute(() -> enter(connections.phase()));
    }

    @Override
    boolean accepts() {
        return true;
    }

    @Override
    void enter(Phase phase) {
        if (phase != Phase.OPEN && sent == GoAway.NONE) {
            sent = GoAway.ANNOUNCED;
            connection.goAway(Http2Error.NO_ERROR.code(), Integer.MAX_VALUE);
        }
        if (phase == Phase.CLOSING && sent == GoAway.ANNOUNCED) {
            sent = GoAway.FINAL;
            connection.goAway(Http2Error.NO_ERROR.code());
        }
        closeIfOver();
    }

    private void closeIfOver() {
        if (sent == GoAway.FINAL && streams.numActiveStreams() == 0) {
            connection.close();
        }
    }

    @Override
    void leave() {
        // Its other streams have nothing to do with this one.
    }

    @Override
    boolean closesWith(int status) {
        // GOAWAY says it; a Connection header is malformed here (RFC 9113, 8.2.2).
        return false;
    }

    @Override
    HttpServerRequest watch(HttpServerRequestInternal request, Exchange exchange) {
        return new WatchedRequest(request, exchange);
    }

    /** Flow control may keep an ended answer waiting for the client: the stream's own end tells when it has gone. */
    @Override
    void whenFlushed(Exchange exchange) {
        run(() -> {
            Http2Stream stream = streams.stream(exchange.request().streamId());
            if (stream == null || !stream.state().localSideOpen()) {
                flushed(exchange);
            } else {
                stream.setProperty(unflushed, exchange);
            }
        });
    }

    private void flushed(Exchange exchange) {
        exchange.finish(channel.isActive() ? Outcome.COMPLETED : Outcome.LEFT);
    }

    @Override
    void settle(HttpServerRequest request) {
        enter(connections.phase());
    }

    @Override
    void refused(HttpServerRequest request) {
        enter(connections.phase());
    }

    @Override
    void breakOff(HttpServerRequest request) {
        // A stream that is reset has not ended.
    }

    @Override
    void cut(HttpServerRequest request) {
        request.response().reset(Http2Error.CANCEL.code());
    }

    private final class StreamEnds extends Http2ConnectionAdapter {
        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            if (!stream.state().localSideOpen()) {
                release(stream);
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            release(stream);
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            // After this turn: the answer's end handler comes behind the stream's end, and would take a closed channel
            // for a client that left.
            channel.eventLoop().execute(ServedHttp2.this::closeIfOver);
        }

        private void release(Http2Stream stream) {
            Exchange waiting = stream.removeProperty(unflushed);
            if (waiting != null) {
                flushed(waiting);
            }
        }
    }
}

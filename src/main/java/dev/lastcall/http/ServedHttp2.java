package dev.lastcall.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    private final Http2Connection.PropertyKey answers;
    private final Http2Connection.PropertyKey refusals;
    private final Http2Connection.PropertyKey requests;
    private GoAway sent = GoAway.NONE;
    /** The last stream that clients were told is served. */
    private int last = Integer.MAX_VALUE;

    private boolean closing;
    /** A GOAWAY would end its open streams: it gets one between two requests. */
    private boolean fragile;

    ServedHttp2(HttpServerConnection connection, Connections connections) {
        super(connection, connections);
        handler = (Http2ConnectionHandler) connection.channelHandlerContext().handler();
        streams = handler.connection();
        answers = streams.newKey();
        refusals = streams.newKey();
        requests = streams.newKey();
        streams.addListener(new StreamEnds());
        handler.decoder().frameListener(new Resets());
        channel.pipeline().addBefore(connection.channelHandlerContext().name(), null, new LateWrites());
        // After the request that made this: one that comes late in the drain is answered first.
        channel.eventLoop().execute(() -> enter(connections.phase()));
    }

    @Override
    boolean accepts() {
        return true;
    }

    /** A stream beyond the last one is reset as one that was not processed (RFC 9113, 8.7), also where the drain was undone meanwhile. */
    @Override
    boolean accepts(HttpServerRequest request) {
        boolean served = request.streamId() <= last;
        if (!served) {
            reset(request, Http2Error.REFUSED_STREAM);
        }
        return served;
    }

    @Override
    void enter(Phase phase) {
        if (fragile && streams.numActiveStreams() > 0) {
            if (phase == Phase.CLOSING) {
                discardAnswered();
            }
            return;
        }
        if (phase != Phase.OPEN && sent == GoAway.NONE) {
            sent = GoAway.ANNOUNCED;
            connection.goAway(Http2Error.NO_ERROR.code(), Integer.MAX_VALUE);
        }
        if (phase == Phase.CLOSING && sent == GoAway.ANNOUNCED) {
            sent = GoAway.FINAL;
            last = streams.remote().lastStreamCreated();
            sayLast();
        }
        if (phase == Phase.CLOSING) {
            discardAnswered();
        }
        closeIfOver();
    }

    /**
     * Written past Netty's own state. Netty would ignore the head of a later stream that crosses this, and then take its body for a frame of a
     * stream that never was: an error of the connection, which ends every stream on it.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // where it does not leave, the connection has ended
    private void sayLast() {
        ChannelHandlerContext context = connection.channelHandlerContext();
        handler.encoder()
                .frameWriter()
                .writeGoAway(context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
        context.flush();
    }

    /** Streams whose answers have gone while their clients still send: what is left of them is read, or the answer might not be. */
    private void discardAnswered() {
        List<Http2Stream> answered = new ArrayList<>();
        forEachStream(stream -> {
            if (!stream.state().localSideOpen() && stream.getProperty(answers) == null) {
                answered.add(stream);
            }
        });
        for (Http2Stream stream : answered) {
            HttpServerRequest request = stream.removeProperty(requests);
            if (request != null) {
                awaitEnd(stream, request);
            }
        }
    }

    private void forEachStream(Consumer<Http2Stream> action) {
        try {
            streams.forEachActiveStream(stream -> {
                action.accept(stream);
                return true;
            });
        } catch (Http2Exception e) {
            // The visitor throws none.
            throw new IllegalStateException(e);
        }
    }

    private void closeIfOver() {
        if (sent == GoAway.FINAL && streams.numActiveStreams() == 0 && !closing) {
            closing = true;
            // What a client sends before it has read the GOAWAY would be answered by a reset, which may cost it the
            // last
            // answers.
            connections.awaitClose(this);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(flushed -> new LingeringClose(this, () -> {}).start());
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
    void begin(HttpServerRequest request, AnswerListener answer) {
        super.begin(request, answer);
        fragile |= JdkClients.failAtGoAway(request);
        Http2Stream stream = stream(request);
        if (stream == null) {
            answer.answerEnded(false);
        } else {
            stream.setProperty(answers, answer);
            stream.setProperty(requests, request);
        }
    }

    private @Nullable Http2Stream stream(HttpServerRequest request) {
        return streams.stream(request.streamId());
    }

    @Override
    void lasts(HttpServerRequest request, AnswerListener answer) {
        Http2Stream stream = stream(request);
        if (stream != null) {
            // Its end is told anyway. What its client says behind the end of our side is no rest of a request.
            stream.removeProperty(requests);
        }
    }

    @Override
    void watch(AnswerListener answer) {
        // The stream tells of the end, and the router of the head.
    }

    @Override
    void whenFlushed(AnswerListener answer) {
        // Flow control may keep an ended answer waiting for the client: the stream's own end tells when it has gone.
    }

    /** Streams go by themselves. */
    @Override
    void forget(HttpServerRequest request) {}

    @Override
    void settle(HttpServerRequest request) {
        enter(connections.phase());
    }

    /** The refusal is read, and its request to its end, before the drain closes the connection. */
    @Override
    void refused(HttpServerRequest request) {
        Http2Stream stream = stream(request);
        if (stream != null) {
            awaitEnd(stream, request);
        }
        enter(connections.phase());
    }

    private void awaitEnd(Http2Stream stream, HttpServerRequest request) {
        CompletableFuture<Void> read = new CompletableFuture<>();
        stream.setProperty(refusals, read);
        connections.await(read);
        if (!request.isEnded()) {
            new BodyDiscard(request, vertx()).discard(() -> reset(request, Http2Error.NO_ERROR));
        }
    }

    @Override
    void breakOff(HttpServerRequest request) {
        // A stream that is reset has not ended.
    }

    /** Not the response's own reset, which does nothing once the response has been ended: flow control may still hold it. */
    @Override
    void cut(HttpServerRequest request) {
        run(() -> reset(request, Http2Error.CANCEL));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise; the stream's end tells what became of it
    private void reset(HttpServerRequest request, Http2Error error) {
        ChannelHandlerContext context = connection.channelHandlerContext();
        if (stream(request) != null) {
            handler.resetStream(context, request.streamId(), error.code(), context.newPromise());
            context.flush();
        }
    }

    private void answerEnded(Http2Stream stream, boolean whole) {
        AnswerListener answer = stream.removeProperty(answers);
        if (answer != null) {
            answer.answerEnded(whole && channel.isActive());
        }
    }

    /** A stream whose answer is whole closes once the answer's bytes have left; where its request goes on, it half-closes before that. */
    private final class StreamEnds extends Http2ConnectionAdapter {
        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            if (!stream.state().localSideOpen()) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(flushed -> answerEnded(stream, flushed.isSuccess()));
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            answerEnded(stream, !stream.isResetSent());
            CompletableFuture<Void> refusal = stream.removeProperty(refusals);
            if (refusal != null) {
                refusal.complete(null);
            }
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            // After this turn: the answer's end handler comes behind the stream's end, and would take a closed channel
            // for a client that left.
            channel.eventLoop().execute(fragile ? () -> enter(connections.phase()) : ServedHttp2.this::closeIfOver);
        }
    }

    private final class Resets extends Http2FrameListenerDecorator {
        Resets() {
            super(handler.decoder().frameListener());
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int streamId, long errorCode) throws Http2Exception {
            Http2Stream stream = streams.stream(streamId);
            if (stream != null) {
                answerEnded(stream, false);
            }
            super.onRstStreamRead(context, streamId, errorCode);
        }
    }
}

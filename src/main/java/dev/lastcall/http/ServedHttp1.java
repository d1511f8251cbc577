package dev.lastcall.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1.x, which has one answer at a time, and whose client is told to go by {@code Connection: close}. That header alone does not
 * make the server close; and closing at once, with bytes of the client unread, would reset the connection and destroy the answer on its way. So every
 * close lingers.
 */
final class ServedHttp1 extends ServedConnection {
    /** The name that Vert.x gives it. */
    private static final String DECODER = "httpDecoder";

    private static final int SWITCHING_PROTOCOLS = 101;

    /** An answer has said {@code Connection: close}: requests pipelined behind it are not executed. */
    private volatile boolean leaving;

    /**
     * The last request; its answer may have ended before it has. Not kept once both have: with it an idle connection would hold the whole
     * exchange, with the heads of all four messages.
     */
    private final AtomicReference<@Nullable HttpServerRequest> last = new AtomicReference<>();

    private boolean closing;
    private boolean turnGiven;
    private @Nullable AnswerWatch watch;

    ServedHttp1(HttpServerConnection connection, Connections connections) {
        super(connection, connections);
    }

    @Override
    boolean accepts() {
        return !leaving;
    }

    @Override
    void begin(HttpServerRequest request, AnswerListener answer) {
        super.begin(request, answer);
        last.set(request);
        turnGiven = false;
    }

    @Override
    void forget(HttpServerRequest request) {
        if (request.isEnded()) {
            // Another one may have begun meanwhile.
            last.compareAndSet(request, null);
        }
    }

    private boolean hasUnread() {
        ChannelHandler decoder = channel.pipeline().get(DECODER);
        return decoder instanceof UnreadRequests pending && pending.hasUnread();
    }

    @Override
    void enter(Phase phase) {
        if (phase != Phase.CLOSING || closing || !isIdle()) {
            return;
        }
        if (hasUnread() && !turnGiven) {
            // A whole request that is here already is decoded and refused first. The decoder may be in the middle of
            // the one before, and
            // asks for its turn behind that: so two turns.
            turnGiven = true;
            EventLoop loop = channel.eventLoop();
            loop.execute(() -> loop.execute(() -> enter(connections.phase())));
            return;
        }
        HttpServerRequest answered = last.get();
        if (answered == null || answered.isEnded()) {
            if (hasUnread()) {
                connections.inFlight().crossed();
                close(() -> {});
            } else {
                close(connections.inFlight()::crossed);
            }
        } else {
            closeAfterBody(answered);
        }
    }

    @Override
    void leave() {
        leaving = true;
    }

    @Override
    boolean closesWith(int status) {
        return (leaving || connections.phase() != Phase.OPEN) && status != SWITCHING_PROTOCOLS;
    }

    @Override
    void watch(AnswerListener answer) {
        AnswerWatch watching = watch;
        if (watching == null) {
            watching = new AnswerWatch(this);
            watch = watching;
        }
        watching.begin(answer);
    }

    @Override
    void whenFlushed(AnswerListener answer) {
        run(() -> {
            if (isFlushed()) {
                answer.answerEnded(true);
            } else {
                flush(answer::answerEnded);
            }
        });
    }

    /** Whether everything written has left us, as far as one can tell without a write that tells it. */
    private boolean isFlushed() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null
                && buffer.totalPendingWriteBytes() == 0
                && channel.pipeline().get(SslHandler.class) == null
                && channel.pipeline().get(ChunkedWriteHandler.class) == null;
    }

    private void flush(FlushListener listener) {
        // An empty buffer passes the encoder and completes once everything written before it has.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> listener.flushed(flushed.isSuccess()));
    }

    private interface FlushListener {
        void flushed(boolean success);
    }

    @Override
    void settle(HttpServerRequest request) {
        if (isIdle() && leaving) {
            closeAfterBody(request);
        } else {
            // Its answer has not said that it is the last one: the client may have sent another request already.
            enter(connections.phase());
        }
    }

    @Override
    void refused(HttpServerRequest request) {
        leaving = true;
        closeAfterBody(request);
    }

    private void closeAfterBody(HttpServerRequest request) {
        if (closing) {
            return;
        }
        connections.awaitClose(this);
        if (request.isEnded() || !channel.isActive()) {
            close(() -> {});
        } else {
            closing = true;
            leaving = true;
            new BodyDiscard(request, vertx()).discard(() -> linger(() -> {}));
        }
    }

    private void close(Runnable crossed) {
        if (!closing) {
            closing = true;
            leaving = true;
            linger(crossed);
        }
    }

    private void linger(Runnable crossed) {
        flush(success -> new LingeringClose(this, crossed).start());
    }

    /** To HTTP/1.0 an answer without a length is whole where its connection ends properly (RFC 9112, 6.3): it gets a reset instead. */
    @Override
    void breakOff(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            ResetOnClose.set(channel);
        }
    }

    /** Ends the connection at once. Bytes that have not left us yet never do: with a proper end behind it an answer may look whole. */
    @Override
    void cut(HttpServerRequest request) {
        run(() -> {
            if (!isFlushed()) {
                ResetOnClose.set(channel);
            }
            breakOff(request);
            closeNow();
        });
    }
}

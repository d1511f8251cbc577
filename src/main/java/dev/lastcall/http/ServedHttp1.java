package dev.lastcall.http;

import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Outcome;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.x: one answer at a time, told to go by {@code Connection: close}. That header alone does not make the server close; and closing
 * at once, with bytes of the client unread, would reset the connection and destroy the answer on its way. So every close lingers.
 */
final class ServedHttp1 extends ServedConnection {
    private static final int SWITCHING_PROTOCOLS = 101;

    /** An answer has said {@code Connection: close}: requests pipelined behind it are not executed. */
    private volatile boolean leaving;

    private boolean closing;
    private @Nullable AnswerWatch watch;

    ServedHttp1(HttpServerConnection connection, Connections connections) {
        super(connection, connections);
    }

    @Override
    boolean accepts() {
        return !leaving;
    }

    @Override
    void enter(Phase phase) {
        if (!isIdle()) {
            return;
        }
        if (phase == Phase.CLOSING) {
            close(connections.inFlight()::crossed);
        } else if (phase == Phase.WITHDRAWN && hasResidue()) {
            holdResidue();
        }
    }

    /** An answer that ended while SERVING left the count at once, though its last bytes may wait for a slow reader: count them again. */
    private boolean hasResidue() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    private void holdResidue() {
        if (connections.inFlight().admit(new UnflushedAnswer(this), EntryClass.UNARY, false) instanceof Entry entry) {
            flush(success -> entry.end(success ? Outcome.COMPLETED : Outcome.LEFT));
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
    HttpServerRequest watch(HttpServerRequestInternal request, Exchange exchange) {
        AnswerWatch watching = watch;
        if (watching == null) {
            watching = new AnswerWatch(this);
            watch = watching;
        }
        watching.begin(exchange);
        return request;
    }

    @Override
    void whenFlushed(Exchange exchange) {
        if (channel.isWritable() && connections.phase() == Phase.OPEN) {
            exchange.finish(Outcome.COMPLETED);
        } else {
            run(() -> flush(success -> exchange.finish(success ? Outcome.COMPLETED : Outcome.LEFT)));
        }
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
        if (isIdle() && (leaving || connections.phase() == Phase.CLOSING)) {
            closeAfterBody(request);
        }
    }

    @Override
    void refused(HttpServerRequest request) {
        leaving = true;
        closeAfterBody(request);
    }

    private void closeAfterBody(HttpServerRequest request) {
        connections.awaitClose(this);
        if (request.isEnded() || !channel.isActive()) {
            close(() -> {});
        } else {
            new BodyDiscard(request, vertx()).discard(() -> close(() -> {}));
        }
    }

    private void close(Runnable crossed) {
        if (!closing) {
            closing = true;
            leaving = true;
            flush(success -> new LingeringClose(this, crossed).start());
        }
    }

    /** To HTTP/1.0 an answer without a length is whole where its connection ends properly (RFC 9112, 6.3): it gets a reset instead. */
    @Override
    void breakOff(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    @Override
    void cut(HttpServerRequest request) {
        breakOff(request);
        closeNow();
    }
}

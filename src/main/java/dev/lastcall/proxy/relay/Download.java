package dev.lastcall.proxy.relay;

import dev.lastcall.http.StreamBoundary;
import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.message.Framing;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpClientStream;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body on its way to the client, as fast as that reads it and as soon as it comes. While the client takes nothing the
 * application's connection is not read: what waits, waits in the kernel. On the event loop.
 */
final class Download {
    /** The listener that hears what becomes of the answer. */
    interface Listener {
        /** It is whole with these bytes, which are not written yet. */
        void whole(Buffer last);

        /** It ends between two events, as it had been told to. */
        void endedEarly();
    }

    private final Listener listener;
    private final HttpServerResponse response;
    private final UpstreamConnection from;
    private final HttpClientStream stream;
    private final TimeoutScanner.Watch watch;
    private final @Nullable StreamBoundary tail;
    private final ModelStream model = new ModelStream();
    private final boolean empty;
    private final boolean statusAlone;
    /** HTTP/2's flow control alone knows what a stream's client has taken; a connection's socket is looked at as a whole. */
    private final boolean watched;
    /** Negative: only the end tells. */
    private long left;

    private boolean ending;
    private boolean over;

    Download(
            Listener listener,
            HttpServerResponse response,
            UpstreamConnection from,
            HttpClientStream stream,
            TimeoutScanner.Watch watch,
            AnswerHead answer) {
        this.listener = listener;
        this.response = response;
        this.from = from;
        this.stream = stream;
        this.watch = watch;
        tail = answer.boundary();
        empty = answer.length() == 0;
        statusAlone = answer.isStatusAlone();
        // Behind a gRPC answer's last byte its status comes.
        left = answer.isGrpc() ? Framing.UNKNOWN : answer.length();
        watched = response.streamId() >= 0;
    }

    /** Whether the answer is a stream with recognisable events. */
    boolean isStream() {
        return tail != null;
    }

    /** Whether its client would take it for whole where it ends properly before its own last event. */
    boolean isModelAnswer() {
        return model.isAnswer();
    }

    void begin() {
        stream.chunkHandler(this::pass);
        stream.endHandler(this::end);
    }

    /** Writes the head alone: all bytes that had come were read, and there was nothing to go with it. */
    void flushHead() {
        if (!over && !empty && !statusAlone && !response.headWritten()) {
            if (left >= 0 || response.isChunked() || response.streamId() >= 0) {
                response.writeHead();
            } else {
                response.write(Buffer.buffer(), null);
            }
        }
    }

    /** Ends the stream at the next end of an event; returns true if it may end now. */
    boolean endWhenWhole() {
        ending = true;
        return mayEnd();
    }

    private boolean mayEnd() {
        boolean may = ending && !over && tail != null && tail.isWhole();
        over |= may;
        return may;
    }

    private void pass(Buffer chunk) {
        if (over) {
            return;
        }
        watch.touch();
        if (tail != null) {
            tail.note(chunk);
            model.note(chunk);
        }
        if (left > 0) {
            left -= chunk.length();
            if (left <= 0) {
                // With its last bytes, not behind them: one write less, and the most common answer is a single one.
                over = true;
                listener.whole(chunk);
                return;
            }
        }
        write(chunk);
        if (mayEnd()) {
            listener.endedEarly();
        } else if (response.writeQueueFull()) {
            from.pause(stream);
            response.drainHandler(writable -> resume());
        }
    }

    private void resume() {
        if (!over) {
            from.resume(stream);
        }
    }

    private void write(Buffer chunk) {
        if (watched) {
            watch.writing();
            response.write(chunk, taken -> watch.written());
        } else {
            response.write(chunk, null);
        }
    }

    private void end(MultiMap trailers) {
        if (!over) {
            over = true;
            if (!trailers.isEmpty()) {
                AnswerHead.copyFields(trailers, response.trailers());
            }
            listener.whole(Buffer.buffer());
        }
    }
}
